//! The program: options in, one JSON line out.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::Value;

struct Program {
    child: Child,
    output: BufReader<ChildStdout>,
    line: Value,
}

impl Program {
    fn start(options: &[&str]) -> Self {
        let mut child = command()
            .args(options)
            .arg("--watch-stdin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        Self {
            child,
            output,
            line: serde_json::from_str(&line).expect("a line of JSON"),
        }
    }

    /// Ends its standard input; gives what else it printed.
    fn end(mut self) -> String {
        drop(self.child.stdin.take());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}

fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_drmm-sim"))
}

fn status_of(url: &str) -> Result<u16, ureq::Error> {
    Ok(ureq::get(format!("{url}/api/v2/system/status"))
        .call()?
        .status()
        .as_u16())
}

#[test]
fn it_says_where_it_is_and_serves_until_its_input_ends() {
    let program = Program::start(&["--devices", "100", "--sites", "3"]);
    let url = program.line["url"].as_str().unwrap().to_owned();
    assert_eq!(program.line["control"], format!("{url}/_sim"));
    assert_eq!(program.line["key"].as_str().unwrap().len(), 32);
    assert_eq!(program.line["secret"].as_str().unwrap().len(), 32);
    assert_eq!(status_of(&url).unwrap(), 200);
    assert_eq!(program.end(), "", "there is one line only");
    assert!(status_of(&url).is_err());
}

#[test]
fn options_reach_the_server() {
    let options = [
        "--quota-model",
        "modern",
        "--limit",
        "7",
        "--write-limit",
        "8",
        "--operation-limit",
        "site-create=9",
        "--operation-limit",
        "device-udf-set=10",
        "--window-s",
        "1.5",
        "--cutoff",
        "0.8",
        "--latency-ms",
        "3",
        "--token-lifetime-s",
        "9",
        "--job-ms",
        "5",
        "--extra-fields",
    ];
    let program = Program::start(&options);
    let mut answer = ureq::get(format!(
        "{}/config",
        program.line["control"].as_str().unwrap()
    ))
    .call()
    .unwrap();
    let mut settings: Value =
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    let operations = settings["operationLimits"].take();
    assert_eq!(
        [
            &operations["site-create"],
            &operations["device-udf-set"],
            &operations["site-update"]
        ],
        [9, 10, 100]
    );
    settings.as_object_mut().unwrap().remove("operationLimits");
    assert_eq!(
        settings,
        serde_json::json!({
            "quotaModel": "modern", "writeLimit": 8,
            "latencyMs": 3.0, "limit": 7, "windowS": 1.5, "cutoff": 0.8, "tokenLifetimeS": 9.0, "jobMs": 5.0, "extraFields": true,
        })
    );
    program.end();
}

#[test]
fn options_that_are_no_option_are_refused_with_a_reason() {
    for (option, value, reason) in [
        ("--quota-model", "other", "expected `legacy` or `modern`"),
        ("--operation-limit", "site-create", "an equals sign"),
        ("--operation-limit", "site-create=x", "not a whole number"),
        ("--operation-limit", "site-burn=1", "unknown variant"),
    ] {
        let output = command().args([option, value]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && text.contains(reason), "{text}");
    }
}

#[test]
fn faults_come_from_a_file() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let good = folder.join("good.json");
    std::fs::write(
        &good,
        r#"[{"match":"GET /v2/system/status","fault":"noContent"}]"#,
    )
    .unwrap();
    let program = Program::start(&["--faults", good.to_str().unwrap()]);
    assert_eq!(
        status_of(program.line["url"].as_str().unwrap()).unwrap(),
        204
    );
    program.end();

    let bad = folder.join("bad.json");
    std::fs::write(&bad, r#"[{"match":"GET /x","fault":"no such"}]"#).unwrap();
    for path in [bad.as_path(), &folder.join("missing.json")] {
        let output = command().arg("--faults").arg(path).output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(
            String::from_utf8_lossy(&output.stderr)
                .contains(path.file_name().unwrap().to_str().unwrap())
        );
    }
}

#[test]
fn help_names_every_option_in_groups() {
    let output = command().arg("--help").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "Account:",
        "Service:",
        "Quota:",
        "Faults:",
        "--seed",
        "--sites",
        "--devices",
        "--udfs",
        "--alerts-open",
        "--alerts-resolved",
        "--latency-ms",
        "--token-lifetime-s",
        "--job-ms",
        "--window-s",
        "--quota-model",
        "--limit",
        "--write-limit",
        "--operation-limit",
        "--cutoff",
        "--port",
        "--watch-stdin",
        "--check-answers",
        "--faults",
        "--retry-after",
        "--trust-forwarded-for",
        "[default: 10000]",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}
