"""How many names are bound in the code that are a bare participle or adverb.

``python tests/bare_names.py [FOLDER]`` prints the share and the names, the most frequent first. A
name that says only that something was found, said or held must be guessed at; two words, or a noun,
say what it is.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTICIPLES = frozenset(
    """
    asked been begun bound broken brought built called chosen come cut done drawn driven fallen
    found given gone grown guilty heard held hidden kept known laid led left lent lost made
    meant met paid put read run said seen sent set shown shut sold sought spoken spent split
    spread stood struck sworn taken thought told torn understood won worn woven written wrong
    """.split()  # noqa: SIM905 - a paragraph reads better
)
ADVERBS = frozenset(
    """
    about above across after again ahead alike alone along already also always apart around
    aside away back before behind below beneath beside besides between beyond down elsewhere
    else enough ever far forth further hence here inside instead later least less more most much
    near never next nearby now often once only otherwise out outside over past perhaps quite
    rather still then there therefore thus together too twice under until up upon very well
    within without yet
    """.split()  # noqa: SIM905 - a paragraph reads better
)
# They end like participles or adverbs, and are nouns or adjectives.
NOUNS = frozenset(
    """
    bed breed embed feed hundred need red seed shed speed wed weed assembly body copy family
    july only reply supply early daily weekly monthly yearly likely friendly
    """.split()  # noqa: SIM905 - a paragraph reads better
)


def is_bare(name: str) -> bool:
    """Whether a name is one word alone that is a participle or an adverb."""
    word = name.strip("_").lower()
    # "LibraryLocked" is two words.
    if sum(map(str.isupper, name)) > 1 and not name.isupper():
        return False
    if not word.isalpha() or word in NOUNS:
        return False
    return (
        word in PARTICIPLES
        or word in ADVERBS
        or (len(word) > 4 and word.endswith("ed"))
        or (len(word) > 4 and word.endswith("ly"))
    )


def bindings(tree: ast.AST) -> Iterator[str]:
    """Every name that the tree binds: variables, parameters, fields, functions and classes; an
    imported name is somebody else's.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            or (isinstance(node, ast.ExceptHandler) and node.name)
            or (isinstance(node, ast.MatchAs | ast.MatchStar) and node.name)
        ):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def count(folder: Path) -> tuple[Counter[str], int]:
    """The bare names below a folder with how often each is bound, and the number of bindings."""
    bare: Counter[str] = Counter()
    total = 0
    for file in sorted(folder.rglob("*.py")):
        for name in bindings(ast.parse(file.read_text(encoding="utf-8"))):
            total += 1
            bare[name] += is_bare(name)
    return +bare, total


def main() -> None:
    folder = ROOT / (sys.argv[1] if len(sys.argv) > 1 else "qa")
    bare, total = count(folder)
    print(f"{bare.total()} of {total} bindings in {folder.name}/: {bare.total() / total:.1%}")
    for name, number in bare.most_common():
        print(f"{number:4} {name}")


if __name__ == "__main__":
    main()
