//! Files as offices have them, and as nobody should.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

/// A minimal workbook whose only sheet has these rows of XML.
pub(super) fn workbook(rows: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{relations}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets>\
                 <sheet name=\"People\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" \
                 Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, text) in parts {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn text_row(row: usize, cells: &[&str]) -> String {
    let cells: Vec<_> = (b'A'..)
        .zip(cells)
        .map(|(column, text)| {
            format!("<c r=\"{}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>", char::from(column))
        })
        .collect();
    format!("<row r=\"{row}\">{}</row>", cells.concat())
}

fn people(lines: &[Line]) -> Vec<(usize, String, String, String)> {
    lines
        .iter()
        .map(|line| (line.row, line.room.text.clone(), line.number.text.clone(), line.name.text.clone()))
        .collect()
}

#[test]
fn headings_are_found_by_name_in_either_language_and_any_order() {
    let english =
        "Name,Student number,Room,Remarks\nWang Fang, 20260001 ,101,\n\n\"Li, Na\",20260002,101,x\n";
    let expected = vec![
        (2, "101".to_owned(), "20260001".to_owned(), "Wang Fang".to_owned()),
        (4, "101".to_owned(), "20260002".to_owned(), "Li, Na".to_owned()),
    ];
    assert_eq!(people(&read(english.as_bytes()).unwrap()), expected);
    let chinese = "2026级入住名单\n房号;学号;姓名;楼栋\n101;20260001;王芳;北楼\n";
    let lines = read(chinese.as_bytes()).unwrap();
    assert_eq!(people(&lines), [(3, "101".to_owned(), "20260001".to_owned(), "王芳".to_owned())]);
    assert_eq!(lines[0].building.text, "北楼");
}

#[test]
fn the_encodings_of_offices_are_understood() {
    let text = "房间,编号,姓名\n101,7,刘喆\n102,8,陈堃\n";
    let (gb, _, lossy) = encoding_rs::GB18030.encode(text);
    assert!(!lossy);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat();
    let plain = people(&read(text.as_bytes()).unwrap());
    assert_eq!(plain[0].3, "刘喆");
    for file in [&gb[..], &utf16, &marked] {
        assert_eq!(people(&read(file).unwrap()), plain);
    }
}

#[test]
fn a_workbook_is_read_and_its_formulas_are_marked_not_calculated() {
    let head = text_row(1, &["Building", "Room", "Number", "Name"]);
    let body = "<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>North</t></is></c><c r=\"B3\"><v>101</v></c>\
                <c r=\"C3\"><f>HYPERLINK(1)</f><v>20260001</v></c>\
                <c r=\"D3\" t=\"inlineStr\"><is><t>=cmd</t></is></c></row>";
    let lines = read(&workbook(&format!("{head}{body}"))).unwrap();
    assert_eq!(people(&lines), [(3, "101".to_owned(), "20260001".to_owned(), "=cmd".to_owned())]);
    assert_eq!((lines[0].room.formula, lines[0].number.formula, lines[0].name.formula), (false, true, true));
}

#[test]
fn what_is_no_list_is_said_to_be_none() {
    let missing = |columns: &[Column]| Err(FileProblem::MissingColumns(columns.to_vec()));
    assert_eq!(read(b""), Err(FileProblem::Empty));
    assert_eq!(read(b"Room,Number,Name\n,,\n"), Err(FileProblem::Empty));
    assert_eq!(read(b"a,b\n1,2\n"), missing(&[Column::Room, Column::Number, Column::Name]));
    assert_eq!(read("房间,姓名\n1,2\n".as_bytes()), missing(&[Column::Number]));
    let twice = read(b"Room,Number,Name,Room number\n1,2,3,4\n");
    assert_eq!(twice, Err(FileProblem::RepeatedColumn(Column::Room)));
    assert_eq!(read(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1]), Err(FileProblem::OldExcel));
    assert_eq!(read(b"PK\x03\x04 but no zip"), Err(FileProblem::Unreadable));
    assert_eq!(read(&[0x89, b'P', b'N', b'G', 0, 1, 2]), Err(FileProblem::Unreadable));
    assert_eq!(read(b"Room,Number,Name\n1,2,\"open"), Err(FileProblem::Unreadable));
    assert_eq!(read(&vec![b'a'; MAX_FILE_BYTES + 1]), Err(FileProblem::TooLarge));
    let long = format!("Room,Number,Name\n{}", "1,2,3\n".repeat(MAX_LINES + 1));
    assert_eq!(read(long.as_bytes()), Err(FileProblem::TooManyLines));
}

#[test]
fn a_bomb_does_not_go_off() {
    let head = text_row(1, &["Room", "Number", "Name"]);
    let zeros = workbook(&format!("{head}{}", " ".repeat(60 << 20)));
    assert!(zeros.len() < MAX_FILE_BYTES);
    assert_eq!(read(&zeros), Err(FileProblem::TooLarge));
    // A grid from the first cell to the last would take hundreds of gigabytes.
    let corner = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    let lines = read(&workbook(&format!("{head}{}{corner}", text_row(2, &["101", "7", "Ann"])))).unwrap();
    assert_eq!(people(&lines), [(2, "101".to_owned(), "7".to_owned(), "Ann".to_owned())]);
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
        let _ = read(&[b"PK\x03\x04", &bytes[..]].concat());
        let _ = read(&[b"Room,Number,Name\n", &bytes[..]].concat());
    }

    #[test]
    fn cells_come_back_as_they_were_quoted(cells in proptest::collection::vec("[a-z ,;\"王\t]{0,12}", 3)) {
        let quoted: Vec<_> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        let file = format!("Room,Number,Name\nx,y,z\n{}\n", quoted.join(","));
        let lines = read(file.as_bytes()).unwrap();
        let found = lines.get(1).map(|line| [&line.room, &line.number, &line.name].map(|cell| cell.text.clone()));
        let expected: [String; 3] = cells.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>().try_into().unwrap();
        prop_assert_eq!(found.unwrap_or_default(), expected);
    }
}

fn written(
    fill: impl Fn(&mut rust_xlsxwriter::Worksheet) -> Result<(), rust_xlsxwriter::XlsxError>,
) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    fill(book.add_worksheet()).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_merged_cell_stands_in_each_row_that_it_covers() {
    let file = written(|sheet| {
        let plain = rust_xlsxwriter::Format::new();
        sheet.merge_range(0, 0, 0, 2, "2026 autumn", &plain)?;
        for (column, heading) in (0..).zip(["房间", "学号", "姓名"]) {
            sheet.write_string(1, column, heading)?;
        }
        sheet.merge_range(2, 0, 4, 0, "101", &plain)?;
        sheet.write_string(5, 0, "102")?;
        for (row, name) in (2..).zip(["甲", "乙", "丙", "丁"]) {
            sheet.write_string(row, 1, format!("S{row}"))?.write_string(row, 2, name)?;
        }
        Ok(())
    });
    let rooms: Vec<_> = read(&file).unwrap().iter().map(|line| (line.row, line.room.text.clone())).collect();
    let expected = [(3, "101"), (4, "101"), (5, "101"), (6, "102")].map(|(row, room)| (row, room.to_owned()));
    assert_eq!(rooms, expected);
}

#[test]
fn what_a_number_shows_is_what_is_meant() {
    let file = written(|sheet| {
        let zeros = rust_xlsxwriter::Format::new().set_num_format("00000000");
        for (column, heading) in (0..).zip(["Room", "Number", "Name"]) {
            sheet.write_string(0, column, heading)?;
        }
        sheet
            .write_number(1, 0, 103)?
            .write_number_with_format(1, 1, 1234, &zeros)?
            .write_string(1, 2, "Ben")?;
        sheet.write_number(2, 0, 103)?.write_number(2, 1, 1235)?.write_string(2, 2, "Bo")?;
        Ok(())
    });
    let numbers: Vec<_> = read(&file).unwrap().into_iter().map(|line| line.number.text).collect();
    assert_eq!(numbers, ["00001234", "1235"]);
}

#[test]
fn headings_are_known_whatever_stands_around_and_between_their_words() {
    for headings in [
        "房 间,学 号,姓 名",
        "房间（必填）,学号*,姓名 (请勿留空)",
        "\"房\n间\",学\u{3000}号,姓名：",
        "Room No.,STUDENT  ID,Full\u{A0}Name",
        "【房间】房间,学号[8],姓\u{200B}名",
    ] {
        let lines = read(format!("{headings}\n101,7,Ann\n").as_bytes());
        assert_eq!(lines.as_deref().map(people).unwrap_or_default().len(), 1, "{headings}: {lines:?}");
    }
}

#[test]
fn numbers_come_without_what_spreadsheets_put_around_them_or_are_doubted() {
    let number = |typed: &str| {
        read(format!("Room,Number,Name\n1,\"{typed}\",Ann\n").as_bytes()).unwrap().remove(0).number
    };
    assert_eq!(number("'0012345").text, "0012345");
    assert_eq!(number("\u{200B}S9\u{200B}").text, "S9");
    for lost in ["2.0261E+11", "2,0261e11", "2E+11", "２.０２６１Ｅ＋１１"] {
        assert!(number(lost).rounded, "{lost}");
    }
    for kept in ["20261101", "E101", "1E5", "12.5"] {
        assert!(!number(kept).rounded, "{kept}");
    }
}

#[test]
fn lines_end_as_any_machine_ends_them() {
    for end in ["\n", "\r\n", "\r", "\n\r\n"] {
        let file = ["Room\tNumber\tName", "101\tS1\tAnn", "102\tS2\tBo", ""].join(end);
        let lines = read(file.as_bytes()).unwrap();
        let rooms: Vec<_> = lines.iter().map(|line| line.room.text.as_str()).collect();
        assert_eq!(rooms, ["101", "102"], "{end:?}");
    }
}
