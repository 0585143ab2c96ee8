"""The plainly named top-level groups, and the branches of Mondo in each."""

from collections.abc import Callable

from conditions_mondo import Mondo

GROUPS = (
    ("nerves", "Brain and nerves"),
    ("movement", "Movement and balance"),
    ("epilepsy", "Epilepsy and seizures"),
    ("muscles", "Muscles and the nerves that move them"),
    ("sleep", "Sleep"),
    ("mental", "Mental health"),
    ("learning", "Development, learning and autism"),
    ("eye", "Eyes and sight"),
    ("ear", "Ears, nose and throat"),
    ("mouth", "Mouth, teeth and face"),
    ("heart", "Heart and blood vessels"),
    ("blood", "Blood"),
    ("immune", "Immune system and allergies"),
    ("joints", "Joints and connective tissue"),
    ("bones", "Bones and growth"),
    ("skin", "Skin, hair and nails"),
    ("hormones", "Hormones and diabetes"),
    ("metabolism", "Metabolism"),
    ("lungs", "Lungs and breathing"),
    ("digestion", "Stomach, bowel and liver"),
    ("kidneys", "Kidneys and bladder"),
    ("pregnancy", "Pregnancy and birth"),
    ("reproductive", "Women's, men's and sexual health"),
    ("infection", "Infections and their aftermath"),
    ("cancer", "Cancer and tumours"),
    ("chromosomes", "Genes and chromosomes"),
    ("born-with", "Syndromes people are born with"),
    ("injury", "Injuries and poisoning"),
    ("whole-body", "Whole body and other"),
)
"""Key and English name, in the order in which pages list them."""

# A condition belongs to the first branch that contains it. Branches by kind (cancers, infections)
# come before branches by organ, and broad branches come last.
_BRANCHES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cancer", ("0045024",)),
    ("infection", ("0005550", "0021669")),
    ("chromosomes", ("0019040",)),
    ("metabolism", ("0019052", "0044970", "0005137")),
    ("movement", ("0005395", "0021095", "0100308", "0000437")),
    ("epilepsy", ("0005027", "0015653")),
    ("muscles", ("0019056", "0700223", "0020120")),
    ("learning", ("0700092", "0001071", "0005503")),
    ("sleep", ("0100081", "0003406")),
    ("mental", ("0005084", "0002494", "0005451")),
    ("eye", ("0024458", "0002022")),
    ("ear", ("0002409", "0024623", "0021945", "0002643")),
    ("mouth", ("0006858", "0006999")),
    ("immune", ("0021094", "0009453", "0005271", "0000605", "0019751")),
    ("blood", ("0005570",)),
    ("joints", ("0005554", "0023603")),
    ("skin", ("0002051",)),
    ("hormones", ("0005151", "0002908", "0015514")),
    ("lungs", ("0005087",)),
    ("digestion", ("0004335",)),
    ("kidneys", ("0002118",)),
    ("pregnancy", ("0024575", "0100086")),
    ("reproductive", ("0005039", "0002657")),
    ("bones", ("0018230", "0005172", "0005497")),
    ("nerves", ("0001627", "0005071", "0700057")),
    ("heart", ("0004995",)),
    ("joints", ("0003900",)),
    ("immune", ("0005046",)),
    ("mental", ("0002025",)),
    ("metabolism", ("0005066",)),
    ("muscles", ("0003939",)),
    ("born-with", ("0021147", "0002254", "0003847")),
    ("injury", ("0021178", "0029000", "0043459")),
)


def group_finder(mondo: Mondo) -> Callable[[str], str]:
    """Return a function that maps a code to the key of its group.

    Raises:
        SystemExit: if a branch of ours is not in Mondo.
    """
    found: dict[str, str] = {}
    for key, roots in _BRANCHES:
        for root in (f"MONDO:{digits}" for digits in roots):
            if root not in mondo.terms:
                raise SystemExit(f"The branch {root} of the group {key} is not in Mondo.")
            for code in (root, *mondo.below(root)):
                found.setdefault(code, key)
    return lambda code: found.get(code, "whole-body")
