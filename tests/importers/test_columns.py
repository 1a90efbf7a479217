"""The quick reader says what the csv module says, and never less carefully."""

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stepwell.importers.columns import Broken, Rows, read_blocks, read_header
from stepwell.importers.records import ImportRefused

CELLS = st.text(alphabet='",\n\r aé', max_size=8)


def everything(raw: bytes, width: int, wanted, seldom=(), block: int = 64):
    stream = io.BytesIO(raw)
    _, rest = read_header(stream)
    rows, broken, filled = [], [], []
    for found in read_blocks(stream, rest, width, wanted, seldom, block):
        for part in found.parts:
            if isinstance(part, Broken):
                broken.append(part)
            else:
                rows += zip(*part.columns, strict=True)
                filled += [part.seldom.get(n) for n in range(len(part.lines))]
    return rows, broken, filled


def written(rows, quoting=csv.QUOTE_ALL, end: str = "\n") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue().encode()


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1)
    ),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 40),
)
def test_quick_reader_says_what_the_csv_module_says(rows, quoting, end, block):
    # Outside quotes a lone return ends no line for one and a row for the other: not CSV.
    assume(quoting == csv.QUOTE_ALL or not any("\r" in cell for row in rows for cell in row))
    width = len(rows[0])
    raw = b"h" + b",h" * (width - 1) + b"\n" + written(rows, quoting, end)
    told = list(csv.reader(io.StringIO(raw.decode(), newline=""), strict=True))[1:]
    expected = [tuple(row) for row in told if row]

    found, broken, _ = everything(raw, width, range(width), block=block)

    assert broken == []
    assert found == expected


@given(st.binary(max_size=200), st.integers(1, 3), st.integers(1, 40))
def test_quick_reader_takes_anything_without_falling_over(raw, width, block):
    found, broken, _ = everything(b"h\n" + raw, width, range(width), block=block)

    assert all(len(row) == width for row in found)
    assert len(found) + len(broken) <= raw.count(b"\n") + raw.count(b"\r") + 1


def test_columns_come_in_the_order_asked_for():
    raw = b"a,b,c,d\n" + written([["1", "2", "3", "4"], ["5", "6", "7", "8"]])

    found, _, _ = everything(raw, 4, [3, 0])

    assert found == [("4", "1"), ("8", "5")]


def test_seldom_filled_columns_come_only_where_filled():
    raw = b"a,b,c\n" + written([["1", "", ""], ["2", "x", ""], ["3", "", ""]])

    found, _, filled = everything(raw, 3, [0], seldom=[1, 2], block=10_000)

    assert found == [("1",), ("2",), ("3",)]
    assert filled == [None, ["x", ""], None]


def test_a_row_with_a_cell_too_few_is_broken_and_its_neighbours_are_not():
    raw = b"a,b\n" + written([["1", "2"]]) + b'"3"\n' + written([["4", "5"]])

    found, broken, _ = everything(raw, 2, [0, 1])

    assert found == [("1", "2"), ("4", "5")]
    assert broken == [Broken(3, "it has 1 cells, the header has 2")]


def test_cells_too_many_and_too_few_do_not_even_out():
    raw = b"a,b\n" + b'"1","2","3"\n"4"\n' + written([["5", "6"]])

    found, broken, _ = everything(raw, 2, [0, 1], block=10_000)

    assert found == [("5", "6")]
    assert [part.line for part in broken] == [2, 3]


def test_a_quote_that_is_not_closed_costs_one_row():
    raw = b"a,b\n" + b'"1","2\n' + written([["3", "4"], ["5", "6"]])

    found, broken, _ = everything(raw, 2, [0, 1], block=10_000)

    assert found == [("3", "4"), ("5", "6")]
    assert [part.line for part in broken] == [2]


def test_a_file_cut_off_in_a_row_says_so():
    found, broken, _ = everything(b'a,b\n"1","2"\n"3","4', 2, [0, 1])

    assert found == [("1", "2")]
    assert broken == [Broken(3, "a quote is not closed")]


def test_a_zero_byte_costs_one_row():
    found, broken, _ = everything(b'a,b\n"1","2"\n"3","\x004"\n"5","6"\n', 2, [0, 1])

    assert found == [("1", "2"), ("5", "6")]
    assert broken == [Broken(3, "it holds a zero byte")]


def test_a_row_that_is_not_utf8_is_read_as_windows_1252_and_counted():
    raw = b"\xef\xbb\xbfa,b\n" + '"MÜLLER","1"\n'.encode("cp1252") + '"MÜLLER","2"\n'.encode()
    stream = io.BytesIO(raw)
    header, rest = read_header(stream)

    blocks = list(read_blocks(stream, rest, 2, [0]))

    assert header == ["a", "b"]
    assert [part.columns for part in blocks[0].parts if isinstance(part, Rows)] == [
        [["MÜLLER", "MÜLLER"]]
    ]
    assert blocks[-1].other_encoding == 1


def test_a_line_without_end_is_refused_before_memory_runs_out():
    with pytest.raises(ImportRefused, match="longer than"):
        everything(b"a\n" + b"x" * 600_000, 1, [0], block=100_000)


def test_I3_a_first_line_that_is_no_csv_is_refused_in_words():
    with pytest.raises(ImportRefused, match="line 1"):
        read_header(io.BytesIO(b"one\rtwo,three\nrows\n"))
