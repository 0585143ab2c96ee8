// Finds the badge that holds an area, one of its parents or one of its parts.
export class Home {
  constructor(tree, badges) {
    this.tree = tree;
    this.byArea = new Map();
    for (const badge of badges) {
      for (const node of badge.members) {
        for (const { id } of tree.path(node)) {
          this.byArea.set(id, this.byArea.get(id) ?? badge);
        }
      }
    }
  }

  of(badge) {
    for (const node of badge.members) {
      const found = this.tree
        .path(node)
        .reverse()
        .find(({ id }) => this.byArea.has(id));
      if (found) {
        return this.byArea.get(found.id);
      }
    }
    return null;
  }
}
