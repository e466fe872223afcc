//! What is done to the lines afterwards is found, and the line is named.

use sha2::Digest as _;

use super::{Place, defects, intact};
use crate::telemetry::hex;

/// Changes the lines of a log of six calls and returns the defects. Line 1 is the beginning, 2 the start of the process,
/// 3 to 8 are the calls.
#[track_caller]
fn after(change: impl FnOnce(&mut Vec<String>)) -> Vec<(String, u64)> {
    let place = Place::with_calls(6);
    intact(&place.dir());
    let mut lines: Vec<String> = place.lines().into_iter().map(|line| line + "\n").collect();
    assert_eq!(lines.len(), 8, "{lines:?}");
    change(&mut lines);
    place.write(&lines);
    defects(&[&place.text()])
}

fn one(defect: &str, line: u64) -> Vec<(String, u64)> {
    vec![(defect.to_owned(), line)]
}

#[test]
fn a_changed_line_is_found() {
    let found = after(|lines| lines[4] = lines[4].replace("\"outcome\":\"ok\"", "\"outcome\":\"no\""));
    assert_eq!(found, one("changed", 5));
}

#[test]
fn one_space_more_is_a_change() {
    assert_eq!(after(|lines| lines[4] = lines[4].replacen(',', ", ", 1)), one("changed", 5));
}

#[test]
fn a_removed_line_is_found_and_so_are_several() {
    assert_eq!(after(|lines| drop(lines.remove(4))), one("removed", 5));
    assert_eq!(after(|lines| drop(lines.drain(3..6))), one("removed", 4));
}

#[test]
fn the_removed_first_lines_are_told_of() {
    let place = Place::with_calls(6);
    let lines: Vec<String> = place.lines().into_iter().skip(2).map(|line| line + "\n").collect();
    place.write(&lines);
    assert!(intact(&place.dir()).contains("begins with record 3"));
}

#[test]
fn lines_that_changed_places_are_found() {
    let found = after(|lines| lines.swap(4, 5));
    assert_eq!(found, [one("moved", 5), one("moved", 6)].concat());
}

#[test]
fn a_line_that_stands_twice_is_found() {
    assert_eq!(after(|lines| lines.insert(5, lines[4].clone())), one("duplicated", 6));
    assert_eq!(after(|lines| lines.push(lines[3].clone())), one("duplicated", 9));
}

#[test]
fn a_line_that_was_cut_short_is_found() {
    let cut = |line: &str| line[..line.len() / 2].to_owned();
    assert_eq!(after(|lines| lines[4] = cut(&lines[4]) + "\n"), one("no_record", 5));
    let found = after(|lines| lines[7] = cut(&lines[7]));
    assert_eq!(found, [one("no_record", 8), one("cut_off", 1)].concat());
}

#[test]
fn lines_that_were_cut_off_the_end_are_found_by_the_head_beside_them() {
    assert_eq!(after(|lines| lines.truncate(5)), one("cut_off", 1));
}

#[test]
fn a_line_that_another_hand_sealed_is_found_by_the_next_one() {
    let found = after(|lines| {
        let (body, _) = lines[4].rsplit_once(",\"hash\":\"").expect("a hash");
        let body = body.replace("\"outcome\":\"ok\"", "\"outcome\":\"no\"");
        let hash = hex(&sha2::Sha256::digest(&body));
        lines[4] = format!("{body},\"hash\":\"{hash}\"}}\n");
    });
    assert_eq!(found, one("replaced", 6));
}

#[test]
fn a_head_that_is_kept_elsewhere_finds_what_the_one_beside_the_lines_cannot() {
    let place = Place::with_calls(6);
    let told = intact(&place.dir());
    let head = told.lines().find_map(|line| line.strip_prefix("head ")).expect("a head").to_owned();
    let lines: Vec<String> = place.lines().into_iter().take(5).map(|line| line + "\n").collect();
    place.write(&lines);
    std::fs::remove_file(place.dir().join("audit.head")).expect("removed");
    // Without a head from elsewhere this cannot be told from a shorter log, and it says so.
    assert!(intact(&place.dir()).contains("--expect-head"));
    let file = place.file();
    let file = file.to_str().expect("UTF-8");
    assert_eq!(defects(&[file]), []);
    assert_eq!(defects(&[&place.text(), "--expect-head", &head]), one("head_missing", 0));
}

#[test]
fn a_head_from_earlier_is_still_there_when_lines_have_come_since() {
    let place = Place::with_calls(2);
    let told = intact(&place.dir());
    let head = told.lines().find_map(|line| line.strip_prefix("head ")).expect("a head").to_owned();
    let mut client = place.serve(crate::support::shop::SEATTLE, &[]);
    client.query("SELECT 1");
    client.hang_up();
    assert_eq!(defects(&[&place.text(), "--expect-head", &head]), []);
}

#[test]
fn what_was_cut_off_stays_a_gap_when_lines_have_come_since() {
    let place = Place::with_calls(6);
    let lines: Vec<String> = place.lines().into_iter().take(5).map(|line| line + "\n").collect();
    place.write(&lines);
    let mut client = place.serve(crate::support::shop::SEATTLE, &[]);
    client.query("SELECT 1");
    client.hang_up();
    assert_eq!(defects(&[&place.text()]), one("removed", 6));
    assert!(place.lines()[5].contains("\"kind\":\"recovered\""));
}
