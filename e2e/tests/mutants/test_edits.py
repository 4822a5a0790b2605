"""Which changes are made to a piece of code, and which are not."""

import pytest

from library_suite.mutants.mutants import mutants_of

pytestmark = pytest.mark.promise("H11")


def changes(text: str) -> list[str]:
    return [mutant.becomes for mutant in mutants_of("piece.py", text)]


@pytest.mark.parametrize(
    ("piece", "becomes"),
    [
        ("x = a < b", ["x = a >= b", "x = a <= b"]),
        ("x = a is not b", ["x = a is b"]),
        ("x = a not in b", ["x = a in b"]),
        ("x = a and not b", ["x = (not b)", "x = a"]),
        ("x = not a", ["x = a"]),
        ("x = [1, n]", ["x = [n]", "x = [1]", "x = [2, n]"]),
        ("x = {1}", ["x = set()", "x = {2}"]),
        ("x = (a,)", ["x = ()"]),
        ("x = {a: b}", ["x = {}"]),
        ("x = f(a, b=c)", ["x = f(a)"]),
        ("x = any(y)", ["x = all(y)"]),
        ("x = a.strip()", ["x = a"]),
        ("x = a.filter(b)", ["x = a.all()"]),
        ("x = f'{a} b'", ["x = 'XX'"]),
        ("x = True", ["x = False"]),
        ("x.y = z", ["pass"]),
        ("x = [y for y in z if w]", ["x = [y for y in z if True]", "x = [y for y in z if False]"]),
        ("x = 'ü' + y", ["x = 'ü' - y", "x = 'XXü' + y"]),
    ],
)
def test_each_kind_of_code_is_changed_in_its_ways(piece: str, becomes: list[str]) -> None:
    assert sorted(changes(piece)) == sorted(becomes)


def test_a_function_that_answers_yes_or_no_answers_both() -> None:
    assert changes("def f(a: int) -> bool:\n    return a in b\n") == ["return True", "return False"]


def test_a_decorator_is_left_out_unless_nothing_works_without_it() -> None:
    assert changes("@require_POST\ndef f(): ...\n") == [""]
    assert changes("class A:\n    @property\n    def f(self): ...\n    @f.setter\n    def f(self, a): ...\n") == []


@pytest.mark.parametrize(
    "piece",
    [
        '"""A docstring."""',
        "x: list[Literal['a']]",
        "def f(a: 'int') -> 'int': ...",
        "assert x == 1",
        "raise_ = _('A text.')",
        "class Book(models.Model):\n    title = models.CharField(max_length=9)\n",
        "class Command(BaseCommand):\n    help = 'What it does.'\n",
        "class A:\n    def __repr__(self):\n        return 'A'\n",
        "if TYPE_CHECKING:\n    from a import b\n",
        "__all__ = ['a']",
    ],
)
def test_what_no_test_should_have_to_notice_is_left_alone(piece: str) -> None:
    assert changes(piece) == []


def test_an_error_is_left_out_but_its_words_are_not_changed() -> None:
    assert changes("def f():\n    raise ValueError('No.')\n") == ["pass"]


def test_the_same_change_keeps_its_name_when_other_lines_move() -> None:
    before = mutants_of("piece.py", "def f(a):\n    return a > 1\n")
    after = mutants_of("piece.py", "import b\n\n\ndef f(a):\n    return a > 1\n")
    assert [mutant.key for mutant in before] == [mutant.key for mutant in after]
    assert [mutant.line for mutant in before] != [mutant.line for mutant in after]


def test_two_changes_that_read_the_same_have_two_names() -> None:
    keys = [mutant.key for mutant in mutants_of("piece.py", "def f():\n    g()\n    g()\n")]
    assert keys == ["piece.py · f · g() → pass", "piece.py · f · g() → pass #2"]
