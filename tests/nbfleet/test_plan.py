"""Parameters that notebooks declare, the batch plan, and what the command line asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import PROJECT
from notebook_factory import PARAMETERS, code, markdown, notebook, runnable, save

from nbfleet import plan
from nbfleet.plan import Parameter, PlanError

LABELS = """\
label: str = ""  # any text
labels: list[str] = []  # any texts
"""


def table(text: str) -> list[tuple[str, ...]]:
    r"""Cases, one a line: what is given, an arrow, what is said of it; ``\n`` begins a new line in either."""
    return [
        tuple(line.replace(r"\n", "\n").split("  → ")) for line in text.strip("\n").splitlines()
    ]


@pytest.fixture
def folder(tmp_path):
    save(runnable("recipient"), tmp_path / "arms_imports.ipynb")
    refugees = runnable(
        "origin", title="# Where do `they` *go*? #", parameters='origin: str = "VEN"  # who fled'
    )
    save(refugees, tmp_path / "refugees.ipynb")
    return tmp_path


def read(folder, text: str) -> list[plan.Report]:
    (folder / "reports.yaml").write_text(text, encoding="utf-8")
    return plan.read_plan(folder / "reports.yaml", PROJECT)


def faults(folder, text: str) -> list[str]:
    """The faults of a plan without the path of its file."""
    with pytest.raises(PlanError) as caught:
        read(folder, text)
    return [fault.replace(f"{folder}/", "") for fault in caught.value.faults]


def declared(source: str) -> tuple[Parameter, ...]:
    return plan.parameters_of(notebook(code(source, "parameters")), "arms.ipynb")


def refusal(source: str) -> str:
    with pytest.raises(PlanError) as caught:
        declared(source)
    return str(caught.value)


# ---------------------------------------------------------------- read_parameters


def test_parameters_are_read_with_type_default_and_help(folder):
    assert plan.read_parameters(folder / "arms_imports.ipynb") == (
        Parameter("recipient", "str", "VEN", "ISO3 of the importing state"),
        Parameter("start", "int", 2000, "first year"),
        Parameter("share", "float", 0.5, "least share shown"),
        Parameter("detailed", "bool", False, "whether to show every supplier"),
        Parameter("suppliers", "list[str]", ["RUS", "CHN"], "ISO3 of suppliers"),
        Parameter("end", "int | None", None, "last year, the latest if None"),
    )


def test_a_hash_inside_a_string_is_no_comment():
    assert declared('label: str = "no. # 1"  # text on the axis') == (
        Parameter("label", "str", "no. # 1", "text on the axis"),
    )


@pytest.mark.parametrize(
    ("source", "message"),
    table(r"""
start = 2000  # year  → line 1: no parameter. Write name: type = value  # what it means
start: int = 1  # year\n\nend: int = 1 + 1  # year  → line 3: no parameter
start: int  # year  → line 1: no parameter
start: int = 2000; end: int = 1  # years  → line 1: no parameter
import os  → line 1: no parameter
names: list[str] = [\n 'A']  # names  → line 1: not Python ('[' was never closed). Write name: type = value
start: int = True  # year  → the default of start is no int (Input should be a valid integer). Write one
start: int = "2000"  # year  → the default of start is no int
share: float = True  # share  → the default of share is no float
start: int = None  # year  → the default of start is no int
start: date = 1  # year  → start has the type 'date'. Use one of str, int, float, bool, list[str], list[int]
names: list[str] = [1]  # names  → the default of names is no list[str] (Input should be a valid string)
names: list[str] = ("A",)  # names  → the default of names is no list[str]
start: int = 2000  → line 1: start has no comment
start: int = 1  # a\nstart: int = 2  # b  → line 2: start is declared twice
share: float = 1e999  # share  → (Input should be a finite number)
"""),
)
def test_anything_but_an_annotated_commented_literal_is_refused(source, message):
    assert message in refusal(source)
    assert refusal(source).startswith("arms.ipynb, parameters cell, line ")


def test_all_faulty_lines_are_reported_at_once():
    with pytest.raises(PlanError) as caught:
        declared("start = 1  # a\nend: int = 2  # b\nshare: float = x  # c")
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "arms.ipynb, parameters cell, line 1",
        "arms.ipynb, parameters cell, line 3",
    ]


def test_a_notebook_without_or_with_two_parameter_cells_is_refused():
    cells = [code("start: int = 1  # year", "parameters") for _ in range(2)]
    with pytest.raises(PlanError, match=r"arms.ipynb: 0 code cells are tagged parameters"):
        plan.parameters_of(notebook(markdown("# Q?", "parameters")), "arms.ipynb")
    with pytest.raises(
        PlanError, match=r"arms.ipynb: 2 code cells are tagged parameters. Tag the one"
    ):
        plan.parameters_of(notebook(*cells), "arms.ipynb")


CELL = (
    '{"nbformat": %s, "metadata": {}, "cells": [{"cell_type": %s, "source": "", "metadata": {}}]}'
)


@pytest.mark.parametrize(
    "content", ["", "no json", "[]", '{"nbformat": 4, "cells": 3}', CELL % (3, '""'), CELL % (4, 1)]
)
def test_a_file_that_is_no_notebook_is_refused_in_one_line(tmp_path, content):
    (tmp_path / "arms.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        plan.read_parameters(tmp_path / "arms.ipynb")
    assert str(caught.value).startswith(f"{tmp_path}/arms.ipynb: not a readable notebook (")
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------- read_plan


def test_names_and_titles_are_filled_from_all_parameters_defaults_included(folder):
    (report,) = read(
        folder,
        "reports:\n  - notebook: arms_imports\n    name: arms_{recipient}_{start}\n"
        '    title: "Who arms {recipient} ({suppliers}; {end})?"\n    parameters: {recipient: CUB}\n',
    )
    assert report.name == "arms_cub_2000"
    assert report.title == "Who arms Cuba (Russia and China; none)?"
    assert report.parameters == {"recipient": "CUB"}


def test_the_default_name_carries_only_values_that_differ_from_the_defaults(folder):
    reports = read(
        folder,
        "reports:\n"
        "  - {notebook: arms_imports, parameters: {recipient: VEN}}\n"
        "  - {notebook: arms_imports, parameters: {start: 2010, recipient: CUB}}\n"
        "  - {notebook: arms_imports, parameters: {detailed: true, suppliers: [RUS], end: 2020}}\n",
    )
    assert [report.name for report in reports] == [
        "arms_imports",
        "arms_imports_cub_2010",
        "arms_imports_detailed-yes_rus_2020",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    table(r"""
- notebook: arms_imports\n  → reports.yaml, line 1: the plan: must be keys and values, not [{'notebook': 'arms_imports'}]. Write key: value
reports: []\n  → line 1: reports: must be a list of values, not []. Write [first, second]
reports:\n  → line 1: reports: must be a list of values, not None
report:\n  - notebook: arms_imports\n  → line 1: report: no such name in the plan (nearest: reports)
reports:\n  - arms_imports\n  → line 2: a report: must be keys and values, not 'arms_imports'
reports:\n  - name: a\n  → line 2: notebook: is missing. Add it to a report
reports:\n  - notebook: arms_import\n  → line 2: notebook: no notebook 'arms_import' in
reports:\n  - notebook: arms_import\n  → (nearest: arms_imports)
reports:\n  - notebook: arms_imports.ipynb\n  → (nearest: arms_imports)
reports:\n  - notebook: ../secret\n  → no notebook '../secret' in
reports:\n  - notebook: refugees\n    titel: x\n  → line 3: titel: no such name in a report (nearest: title)
reports:\n  - notebook: refugees\n    notebook: refugees\n  → line 3: notebook: is given twice. Keep one
reports:\n  - {notebook: refugees, name: a}\n  - {notebook: refugees, name: A}\n  → line 3: name: 'A' is taken by line 2. Give them two names, or leave one out
reports: [}\n  → reports.yaml, line 1: not the YAML of a plan
reports:\n  - notebook: a\n   name: b\n  → reports.yaml, line 3: not the YAML of a plan
reports: &a [*b]\n  → line 1: not the YAML of a plan (*b is an alias, which a plan may not have
"""),
)
def test_a_fault_names_file_line_key_and_the_nearest_valid_name(folder, text, fault):
    found = faults(folder, text)
    assert fault in "\n".join(found)
    assert all(line.startswith("reports.yaml") for line in found)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        *table(r"""
parameters:\n      start: 1\n      recipent: CUB  → line 5: parameters.recipent: no such name in arms_imports (nearest: recipient)
parameters: {start: true}  → line 3: parameters.start: must be int, not True
parameters: {start: "2000"}  → line 3: parameters.start: must be int, not '2000'. Write a whole number, without quotes
parameters: {recipient: NO}  → line 3: parameters.recipient: must be str, not False. Put it into quotes
parameters: {recipient: 2020-01-01}  → line 3: parameters.recipient: must be str, not datetime.date(2020, 1, 1)
parameters: {suppliers: RUS}  → line 3: parameters.suppliers: must be a list of values, not 'RUS'. Write [first, second]
parameters: {share: .nan}  → must be a finite number, not nan
parameters: {start: null}  → must be int, not None
parameters: [start]  → line 3: parameters: must be keys and values, not ['start']. Write key: value
parameters: {start: !!python/name:os.system x}  → parameters.start: 'x' is no plain value (could not determine
title: 3  → line 3: title: must be str, not 3. Put it into quotes
title: ' '  → line 3: title: '' is no title. Give one of 1 to 2,000 characters that a page can show
name: 'a_{recipent}'  → line 3: name: '{recipent}' names no parameter (nearest: recipient)
title: '{recipient.__class__}'  → title: '{recipient.__class__}' names no parameter
title: '{start:>99999999}'  → title: '{start:>99999999}' names no parameter
title: '{start'  → title: '{' names no parameter; known: recipient, start
parameters: {recipient: [VEN, CUB]}  → line 3: parameters.recipient: must be str, not ['VEN', 'CUB']. Put several values under each:
each: {recipent: [VEN]}  → line 3: each.recipent: no such name in arms_imports (nearest: recipient)
each: {recipient: VEN}  → line 3: each.recipient: must be a list of values, not 'VEN'. Write [first, second]
each: {recipient: []}  → line 3: each.recipient: must be a list of values, not []
each:\n      start:\n        - 2000\n        - twenty  → line 6: each.start: must be int, not 'twenty'
each: {suppliers: [RUS, CHN]}  → line 3: each.suppliers: must be a list of values, not 'RUS'. Write [first, second]
parameters: {start: 1}\n    each: {start: [2, 3]}  → line 4: each.start: is set under parameters: too. Keep one
each: []  → line 3: each: must be keys and values, not []. Write key: value
name: arms_{recipient}\n    each: {recipient: [VEN, CUB], start: [2000, 2010]}  → line 2: name: 'arms_ven' is taken by line 2. Put {start} into the name, or leave one out
each: {start: [2000, 2000]}  → line 2: name: 'arms_imports' is taken by line 2. Give them two names, or leave one out
formats: [html, pfd]  → line 3: formats: must be 'html', 'pdf' or 'ipynb', not 'pfd'
formats: [[pdf]]  → line 3: formats: must be 'html', 'pdf' or 'ipynb', not ['pdf']
formats: pdf  → line 3: formats: must be a list of values, not 'pdf'. Write [first, second]
formats: []  → line 3: formats: must be a list of values, not []
parameters: {recipient: VENE}  → line 3: parameters.recipient: 'VENE' is no state (nearest: VEN). Use a code
parameters: {recipient: Cuba}  → line 3: parameters.recipient: 'Cuba' is no state (nearest: CUB). Use a code
each: {recipient: [VEN, CUBA]}  → line 3: each.recipient: 'CUBA' is no state (nearest: CUB). Use a code
parameters: {suppliers: [RUS, rus]}  → line 3: parameters.suppliers: 'rus' is no state (nearest: RUS)
parameters: {start: 010}  → line 3: parameters.start: '010' is no plain value (whole numbers have at most 18 digits, and no zeros before them). Write one, or put it into quotes
each: {start: [2000, 0x7d0]}  → line 3: each.start: '0x7d0' is no plain value
parameters: {start: 1:30}  → line 3: parameters.start: '1:30' is no plain value
parameters: {share: 010}  → line 3: parameters.share: '010' is no plain value
parameters: {recipient: "V\ud800"}  → line 3: parameters.recipient: must be whole characters, not 'V\ud800'. Write it in UTF-8
each: {start: [2000, 2010], end: [2005]}  → line 3: start 2010 is after end 2005. Swap them
parameters: {end: 1999}  → line 3: start 2000 is after end 1999. Swap them
name: \n    title: null  → line 3: name: must be str, not None
"""),
        (
            f"parameters: {{start: {'9' * 5000}}}",
            f"line 3: parameters.start: '{'9' * 79}… (5,002 characters) is no plain value",
        ),
        (
            f"each: {{start: {[*range(1000)]}, end: {[*range(1000)]}}}",
            "line 3: each: 1000 × 1000 = 1,000,000 reports, with which the plan has more than 200,000. Make",
        ),
        (
            f"title: '{'{suppliers}' * 300}'",
            "… (4,802 characters) is no title. Give one of 1 to 2,000 characters",
        ),
    ],
)
def test_a_fault_of_an_entry_names_line_key_and_remedy(folder, lines, fault):
    found = faults(folder, f"reports:\n  - notebook: arms_imports\n    {lines}\n")
    assert found and all(line.startswith("reports.yaml, line ") for line in found)
    assert fault in "\n".join(found)


@pytest.mark.parametrize(
    "name",
    [
        *("", "a/b", "..", "a..b", ".hidden", "a\\b", "a b", "a.", "-a", "é"),
        *("x" * 101, "index", "a.html", "a-code", "a.failed"),
    ],
)
def test_a_name_that_is_no_safe_file_name_is_refused(folder, name):
    (fault,) = faults(folder, f"reports:\n  - notebook: refugees\n    name: '{name}'\n")
    assert fault.startswith("reports.yaml, line 3: name: ")


def test_all_faults_of_a_plan_come_at_once_in_the_order_of_their_lines(folder):
    text = (
        "reports:\n  - notebook: refugee\n  - notebook: refugees\n    tilte: x\n    parameters: {origin: 3}\n"
        "  - notebook: refugees\n    name: a/b\nmore: 1\n"
    )
    assert [fault.split(":")[0] for fault in faults(folder, text)] == [
        "reports.yaml, line 2",
        "reports.yaml, line 4",
        "reports.yaml, line 5",
        "reports.yaml, line 7",
        "reports.yaml, line 8",
    ]


def test_a_faulty_notebook_is_reported_where_the_plan_names_it(folder):
    save(notebook(markdown("# Q?")), folder / "bare.ipynb")
    assert faults(folder, "reports:\n  - notebook: bare\n") == [
        "reports.yaml, line 2: notebook: bare.ipynb: 0 code cells are tagged parameters."
        " Tag the one that declares them."
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty plan. List reports under reports:"),
        (b"# only a comment", "empty plan"),
        ("reports: é".encode("latin-1"), "no readable plan ('utf-8' codec can't decode"),
        (None, "no readable plan ([Errno 2] No such file or directory"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path, content, fault):
    if content is not None:
        (tmp_path / "reports.yaml").write_bytes(content)
    with pytest.raises(PlanError) as caught:
        plan.read_plan(tmp_path / "reports.yaml")
    assert str(caught.value).startswith(f"{tmp_path}/reports.yaml: {fault}")


# ---------------------------------------------------------------- products and formats


def test_each_combination_of_the_values_is_a_report_the_last_changing_fastest(folder):
    reports = read(
        folder,
        "reports:\n  - notebook: arms_imports\n    name: arms_{recipient}_{start}\n"
        '    title: "Who arms {recipient} since {start}?"\n    parameters: {detailed: true}\n'
        "    each: {recipient: [VEN, CUB, SYR], start: [2000, 2010]}\n",
    )
    assert [report.name for report in reports] == [
        f"arms_{who}_{year}" for who in ("ven", "cub", "syr") for year in (2000, 2010)
    ]
    assert reports[3].title == "Who arms Cuba since 2010?"
    assert reports[3].parameters == {"recipient": "CUB", "start": 2010, "detailed": True}
    assert list(reports[3].parameters) == ["recipient", "start", "detailed"], (
        "not in the order of the notebook"
    )


def test_a_list_valued_parameter_goes_through_a_list_of_lists(folder):
    reports = read(
        folder,
        "reports:\n  - {notebook: arms_imports, each: {suppliers: [[RUS], [], [CHN, RUS]], end: [null, 2020]}}\n",
    )
    assert [report.parameters["suppliers"] for report in reports[::2]] == [
        ["RUS"],
        [],
        ["CHN", "RUS"],
    ]
    assert [report.parameters["end"] for report in reports[:2]] == [None, 2020]
    assert [report.name for report in reports[2:4]] == [
        "arms_imports_empty",
        "arms_imports_empty_2020",
    ]


def test_formats_are_html_or_those_of_the_plan_or_those_of_the_entry(folder):
    text = "reports:\n  - {notebook: refugees, name: a}\n  - {notebook: refugees, name: b, formats: [pdf]}\n"
    assert [report.formats for report in read(folder, text)] == [("html",), ("pdf",)]
    assert [report.formats for report in read(folder, f"formats: [pdf, html]\n{text}")] == [
        ("html", "pdf"),
        ("pdf",),
    ]


def test_the_entries_of_a_plan_share_its_bound(folder, monkeypatch):
    monkeypatch.setattr(plan, "_MOST", 3)
    entry = "  - {notebook: refugees, name: 'NAME_{origin}', each: {origin: [VEN, CUB]}}\n"
    (fault,) = faults(folder, "reports:\n" + entry.replace("NAME", "a") + entry)
    assert fault.startswith(
        "reports.yaml, line 3: each: 2 = 2 reports, with which the plan has more"
    )


# ---------------------------------------------------------------- select and override


@pytest.fixture
def reports(folder):
    return read(folder, "reports:\n  - notebook: arms_imports\n  - notebook: refugees\n")


def test_select_keeps_the_order_of_the_plan(reports):
    selected = plan.select(reports, ["refugees", "arms_imports", "refugees"])
    assert [report.title for report in selected] == ["Who arms whom?", "Where do they go?"]
    assert plan.select(reports, []) == reports


def test_a_notebooks_name_selects_all_its_reports_unless_a_report_bears_it(folder):
    text = "reports:\n" + "".join(
        f"  - {{notebook: {notebook}, name: {name}}}\n"
        for notebook, names in (("refugees", "a"), ("arms_imports", "b c refugees"))
        for name in names.split()
    )
    reports = read(folder, text)
    for asked, found in (("arms_imports", "b c refugees"), ("refugees", "refugees")):
        assert [report.name for report in plan.select(reports, [asked])] == found.split()
    assert plan.select(reports, ["a", "arms_imports"]) == reports
    with pytest.raises(
        PlanError, match=r"no report is named 'arms_import' .nearest: arms_imports."
    ):
        plan.select(reports, ["arms_import"])


TYPED = {
    "recipient": {"CUB": "CUB"},
    "label": {"007": "007", "null": "null"},
    "start": {"2010": 2010, "-5": -5},
    "share": {"0.25": 0.25, "2": 2.0, "1e-2": 0.01, ".5E1": 5.0},
    "detailed": {"true": True, "False": False},
    "suppliers": {"[VEN, CUB]": ["VEN", "CUB"], "VEN": ["VEN"], "[]": []},
    "labels": {"[NO, '1']": ["NO", "1"], "NO": ["NO"]},
    "end": {"2020": 2020, "null": None, "None": None},
}


@pytest.mark.parametrize("name", TYPED)
def test_a_value_from_the_command_line_is_read_by_its_declared_type(folder, name):
    save(runnable(parameters=PARAMETERS + LABELS), folder / "arms_imports.ipynb")
    reports = read(folder, "reports: [{notebook: arms_imports}]")
    for text, value in TYPED[name].items():
        (report,) = plan.override(reports, [(name, text)])
        assert report.parameters == {name: value}
        assert type(report.parameters[name]) is type(value)


def test_all_faults_of_the_command_line_come_at_once_for_each_notebook(reports):
    pairs = [("recipent", "CUB"), ("origin", "SYR"), ("start", "2010"), ("start", "2011")]
    with pytest.raises(PlanError) as caught:
        plan.override(reports, pairs)
    assert caught.value.faults == (
        "-p start: is given twice. Keep one",
        "-p recipent: no such name in arms_imports (nearest: recipient)",
        "-p origin: no such name in arms_imports; known: recipient, start, share, detailed, suppliers, end",
        "-p recipent: no such name in refugees; known: origin",
        "-p start: no such name in refugees; known: origin",
    )


@pytest.mark.parametrize(
    ("entry", "pairs", "name", "title"),
    table("""
title: How much came from Russia?  → recipient SYR  → _syr  → Who arms whom? (recipient Syria)
title: How much came to Cuba?  → recipient VEN  →   → Who arms whom?
title: "Who arms {recipient}?"  → recipient USA  → _usa  → Who arms the United States?
title: "Who arms {recipient}?"  → start 2010  → _cub_2010  → Who arms whom? (recipient Cuba; start 2010)
title: "Who arms {recipient}?"  → recipient CUB; start 2000  → _cub  → Who arms Cuba?
title: "Does {suppliers} arm it?"  → suppliers [RUS, IRN, CHN]  → _cub_rus-irn-chn  → Does Russia, Iran and China arm it?
title: "Does {suppliers} arm it?"  → suppliers []  → _cub_empty  → Who arms whom? (recipient Cuba; suppliers empty)
name: arms_imports_to_{recipient}  → recipient SYR  → _to_syr  → Who arms whom? (recipient Syria)
name: arms_imports_to_{recipient}  → recipient VEN; detailed true  → _detailed-yes  → Who arms whom? (detailed yes)
name: arms_imports_to_cuba  → recipient SYR; start 2000  → _syr  → Who arms whom? (recipient Syria)
name: arms_imports_to_cuba  → recipient CUB  → _to_cuba  → Who arms whom?
"""),
)
def test_no_changed_value_hides_behind_a_name_or_title_that_has_no_field_for_it(
    folder, entry, pairs, name, title
):
    text = f"reports:\n- notebook: arms_imports\n  {entry}\n  parameters: {{recipient: CUB}}"
    typed = [pair.split(" ", 1) for pair in pairs.split("; ")]
    (report,) = plan.override(read(folder, text), typed)
    assert (report.name, report.title) == (f"arms_imports{name}", title)


def test_an_override_that_makes_two_reports_one_is_refused(folder):
    text = "reports: [{notebook: arms_imports}, {notebook: arms_imports, parameters: {start: 1}}]"
    with pytest.raises(PlanError) as caught:
        plan.override(read(folder, text), [("start", "2015")])
    fault = "-p with arms_imports_1: name: 'arms_imports_2015' is taken by arms_imports"
    assert str(caught.value) == f"{fault}. Give them two names, or leave one out"


def typed(text: str, kind: str) -> object:
    return plan._typed([("x", text)], [Parameter("x", kind, None, "")]).data["x"]


@given(
    st.integers(-(10**18) + 1, 10**18 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.text("ABCXYZ019", min_size=1), max_size=5),
)
def test_every_number_and_list_of_codes_survives_the_command_line(whole, number, codes):
    assert typed(str(whole), "int") == whole
    assert typed(str(number), "float") == number
    assert typed(f"[{', '.join(codes)}]", "list[str]") == codes


@given(
    st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.text()))
)
def test_every_value_gives_a_safe_part_of_a_name(value):
    slug = plan._slug(value)
    assert slug and not set(slug) - set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert slug[0] not in ".-" and slug[-1] not in ".-"


# ---------------------------------------------------------------- bounds, and what a plan may not say


def one_fault(folder, text: str) -> str:
    (fault,) = faults(folder, text)
    assert "\n" not in fault and len(fault) < 400
    return fault


@pytest.mark.parametrize(
    "text",
    [
        "reports: " + "[" * 3000,
        "reports: " + "{a: " * 3000,
        "\n".join(" " * n + "a:" for n in range(1000)),
        "reports: [{notebook: arms_imports, parameters: {start: " + "[" * 40 + "]" * 40 + "}}]",
    ],
)
def test_what_is_nested_deeper_than_any_plan_is_refused(folder, text):
    assert "not the YAML of a plan (nested more than 20 deep)" in one_fault(folder, text)


def test_a_plan_longer_than_any_is_refused_unread(folder):
    assert one_fault(folder, "#" * 1_000_001) == (
        "reports.yaml: 1,000,001 bytes, and a plan has at most 1,000,000. List values under each:, or make"
        " several plans."
    )


def test_forty_faults_are_listed_and_the_others_counted(folder):
    found = faults(folder, "reports:\n" + "  - {notebook: refugees}\n" * 3000)
    assert len(found) == 41
    assert found[0].startswith("reports.yaml, line 3: name: 'refugees' is taken by line 2")
    assert found[-1] == "… and 2,959 more"


def test_a_fault_about_something_endless_is_cut(folder):
    endless = f"? {'x' * 400_000} : 1"
    found = faults(folder, f"reports: [{{notebook: refugees, {endless}, {endless}}}]")
    assert [fault[:30] for fault in found] == ["reports.yaml, line 1: xxxxxxxx"] * 2
    assert all(len(fault) <= 2000 for fault in found)


@pytest.mark.parametrize("odd", ["\\ud800", "\\e]0;X\\a", "\\u202E", "\\u2028"])
def test_a_title_that_a_terminal_would_obey_or_a_page_could_not_hold_is_refused(folder, odd):
    fault = one_fault(folder, f'reports: [{{notebook: refugees, title: "Who{odd}?"}}]')
    assert fault.startswith("reports.yaml, line 1: title: 'Who")
    assert fault.endswith(" is no title. Give one of 1 to 2,000 characters that a page can show")
    (report,) = read(
        folder, 'reports: [{notebook: refugees, title: "73\\u202F%, 5\\u00A0years, naïve"}]'
    )
    assert report.title == "73\u202f%, 5\u00a0years, naïve"


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        *table("""
recipient  → CUBA  → 'CUBA' is no state (nearest: CUB). Use a code
suppliers  → [RUS, rus]  → 'rus' is no state (nearest: RUS). Use a code
start  → 010  → '010' is no plain value (whole numbers have at most 18 digits
start  → 1_000  → '1_000' is no plain value
start  → 2000.5  → must be int, not 2000.5. Write a whole number
start  → two  → must be int, not 'two'
start  → null  → must be int, not None
start  →   → must be int, not ''
share  → nan  → must be float, not 'nan'. Write a number
share  → 1e999  → must be a finite number, not inf
detailed  → 1  → must be bool, not 1. Write true or false
suppliers  → VEN, CUB  → 'VEN, CUB' is no state
suppliers  → [[a]]  → must be str, not ['a']
suppliers  → {a: b}  → must be a list of values, not {'a': 'b'}. Write [first, second]
suppliers  →   → must be a list of values, not ''
suppliers  → &a [*a]  → must be a list of values, not '&a [*a]'
"""),
        ("start", "9" * 5000, "'9999"),
        ("share", "9" * 5000, "'9999"),
        ("suppliers", "[" * 3000 + "]" * 3000, "must be a list of values, not '[[[["),
        ("recipient", "\udcff\udcfe", "must be whole characters, not '\\udcff\\udcfe'"),
        ("labels", "[\udcff]", "must be a list of values, not '[\\udcff]'"),
        ("\x1b[2J", "1", "no such name in arms_imports"),
        ("label", "x" * 200, "name: 'arms_imports_xxxx"),
        ("label", "\x1b[2J", "title: 'Who arms whom? (label \\x1b[2J)' is no title"),
        ("end", "1999", "start 2000 is after end 1999. Swap them"),
    ],
)
def test_a_value_from_the_command_line_is_held_to_what_a_plan_may_say(folder, name, text, fault):
    save(runnable(parameters=PARAMETERS + LABELS), folder / "arms_imports.ipynb")
    reports = read(folder, "reports: [{notebook: arms_imports}]")
    with pytest.raises(PlanError) as caught:
        plan.override(reports, [(name, text)])
    (found,) = caught.value.faults
    about = "with arms_imports" if name in ("label", "end") else name.replace("\x1b", r"\x1b")
    assert found.startswith(f"-p {about}: {fault}")
    assert len(found) < 400 and found.isprintable()


@pytest.mark.parametrize(
    "source", ["-" * 50_000 + "1", "[" * 3000 + "]" * 3000, "9" * 5000, "x" + ".x" * 50_000]
)
def test_a_parameters_cell_too_deep_for_python_is_refused(source):
    for line in (f"start: int = {source}  # year", f"start: {source} = 1  # year", f"{source} = 1"):
        assert len(refusal(line)) < 400
        assert refusal(line).startswith("arms.ipynb, parameters cell, line ")
