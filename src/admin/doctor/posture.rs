//! The posture in lines of the report: every check, its findings, the grade.

use super::finding::Finding;
use crate::database::{self, CHECKS, Grade, Identity, OF_THE_MAPPING, Posture, Severity};

/// One line for each check that found nothing, and one for each finding.
pub(super) fn findings(posture: &Posture, allow_asserted: bool) -> Vec<Finding> {
    let found = posture.findings.as_slice();
    if posture.superuser {
        return found.iter().map(|finding| line(finding, allow_asserted)).collect();
    }
    let asserted = matches!(posture.identity, Ok(Identity::Asserted));
    let checks = CHECKS.iter().filter(|(check, _)| !(asserted && OF_THE_MAPPING.contains(check)));
    checks.flat_map(|(check, fine)| of_check(check, fine, found, allow_asserted)).collect()
}

fn of_check(check: &str, fine: &str, found: &[database::Finding], allow_asserted: bool) -> Vec<Finding> {
    let of_check = || found.iter().filter(|finding| finding.check == check);
    let bad: Vec<Finding> = of_check()
        .filter(|finding| finding.severity != Severity::Fine)
        .map(|finding| line(finding, allow_asserted))
        .collect();
    if !bad.is_empty() {
        return bad;
    }
    vec![Finding::ok(check, of_check().next().map_or(fine, |finding| &finding.detail))]
}

fn line(finding: &database::Finding, allow_asserted: bool) -> Finding {
    let refuses = finding.refuses() || finding.check == "settings_fixed" && !allow_asserted;
    let make = if refuses { Finding::fail } else { Finding::warn };
    make(&finding.check, finding.detail.clone(), finding.remedy.clone())
}

/// The grade in words.
pub(super) fn graded(grade: Grade) -> Finding {
    let name = "grade";
    match grade {
        Grade::A => Finding::ok(name, "A: the identity is proven, and the strict profile is in place"),
        Grade::B => Finding::warn(
            name,
            "B: the identity is proven; what the strict profile would take away stays open",
            "what is marked warn above; on a managed server this is the best there is",
        ),
        Grade::C => Finding::warn(
            name,
            "C: the identity is asserted: whoever has the login's password can be anybody",
            "zava-mcp db protect proves identities",
        ),
        Grade::F => Finding::fail(name, "F: not served", "mend what is marked FAIL above"),
    }
}
