// Finds which of some badges holds an area, or holds what it is part of or made of.
export class Home {
  constructor(tree, badges) {
    this.tree = tree;
    this.byArea = new Map();
    for (const badge of badges) {
      for (const node of badge.members) {
        tree.path(node).forEach(({ id }) => this.byArea.set(id, this.byArea.get(id) ?? badge));
      }
    }
  }

  of(badge) {
    for (const node of badge.members) {
      const found = this.tree.path(node).reverse().find(({ id }) => this.byArea.has(id));
      if (found) {
        return this.byArea.get(found.id);
      }
    }
    return null;
  }
}
