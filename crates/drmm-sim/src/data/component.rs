//! Components: what a job runs on a device.

use serde::Serialize;

use super::{World, extra::Extra};
use crate::seed::{Purpose, Uid};

/// The id of the first component, and the step to the next.
const FIRST_ID: i64 = 52_013;
const ID_STEP: i64 = 11;

/// A component.
pub(crate) struct Component {
    pub(crate) name: &'static str,
    description: Option<&'static str>,
    category: Category,
    /// Whether whoever runs it has to give the credentials it runs under.
    credentials: bool,
    pub(crate) variables: &'static [Variable],
}

/// A variable of a component.
pub(crate) struct Variable {
    pub(crate) name: &'static str,
    pub(crate) default: &'static str,
    pub(crate) kind: Kind,
    description: Option<&'static str>,
    /// Given to the component, or handed back by it.
    input: bool,
}

/// What values a variable takes.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Text,
    Boolean,
    Date,
    /// One of several texts, which the API does not tell.
    Choice,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Category {
    Applications,
    Scripts,
    Devicemonitors,
    Integrations,
}

use Category::{Applications, Devicemonitors, Integrations, Scripts};

impl Component {
    const fn new(name: &'static str, category: Category, variables: &'static [Variable]) -> Self {
        Self {
            name,
            description: None,
            category,
            credentials: false,
            variables,
        }
    }

    const fn about(self, description: &'static str) -> Self {
        Self {
            description: Some(description),
            ..self
        }
    }

    const fn with_credentials(self) -> Self {
        Self {
            credentials: true,
            ..self
        }
    }
}

impl Variable {
    const fn new(name: &'static str, kind: Kind, default: &'static str) -> Self {
        Self {
            name,
            default,
            kind,
            description: None,
            input: true,
        }
    }

    const fn about(self, description: &'static str) -> Self {
        Self {
            description: Some(description),
            ..self
        }
    }

    const fn output(self) -> Self {
        Self {
            input: false,
            ..self
        }
    }
}

const fn text(name: &'static str, default: &'static str) -> Variable {
    Variable::new(name, Kind::Text, default)
}

const fn flag(name: &'static str, default: &'static str) -> Variable {
    Variable::new(name, Kind::Boolean, default)
}

const fn date(name: &'static str, default: &'static str) -> Variable {
    Variable::new(name, Kind::Date, default)
}

const fn choice(name: &'static str, default: &'static str) -> Variable {
    Variable::new(name, Kind::Choice, default)
}

/// All components of the account. Two have the same name, as happens when one is copied.
pub(crate) const COMPONENTS: &[Component] = &[
    Component::new("Druckwarteschlange neu starten [WIN]", Scripts, &[])
        .about("Hält den Dienst an, leert die Warteschlange und startet ihn wieder."),
    Component::new(
        "Run a Command [WIN]",
        Scripts,
        &[
            text("Command", "").about("What is handed to cmd.exe"),
            flag("AsUser", "false"),
            date("NotBefore", ""),
        ],
    ),
    Component::new(
        "Always Fails [ALL]",
        Scripts,
        &[text("Reason", "Zugriff verweigert")],
    ),
    Component::new(
        "Disk Check with Warnings [WIN]",
        Scripts,
        &[text("Drive", "C:")],
    ),
    Component::new("Adobe Acrobat Reader [WIN]", Applications, &[])
        .about("Installiert oder aktualisiert den Reader."),
    Component::new("7-Zip [WIN]", Applications, &[]),
    Component::new(
        "Google Chrome [WIN]",
        Applications,
        &[choice("Channel", "stable"), flag("SetDefault", "false")],
    ),
    Component::new(
        "Mozilla Firefox ESR [MAC]",
        Applications,
        &[text("Sprache", "de")],
    ),
    Component::new("VLC media player [LIN]", Applications, &[]),
    Component::new(
        "Microsoft 365 Apps [WIN]",
        Applications,
        &[
            choice("Channel", "Current"),
            text("ExcludeApps", "Teams,OneDrive"),
            flag("RemoveMsi", "true"),
            text("ProductKey", "").about("Leer lassen für die Anmeldung mit Konto"),
        ],
    )
    .about("Office über das Bereitstellungstool; \"ODT\" wird mitgebracht.")
    .with_credentials(),
    Component::new(
        "Sophos Endpoint <Setup>",
        Applications,
        &[text("CustomerToken", ""), flag("Silent", "true")],
    ),
    Component::new(
        "Wake-on-LAN für Büro-PCs",
        Scripts,
        &[text("MacAddress", "")],
    ),
    Component::new(
        "BitLocker-Schlüssel in UDF 6 schreiben",
        Scripts,
        &[text("Volume", "C:")],
    )
    .about("Schreibt den Wiederherstellungsschlüssel in ein benutzerdefiniertes Feld."),
    Component::new(
        "BitLocker einschalten",
        Scripts,
        &[choice("Verfahren", "XtsAes256")],
    )
    .with_credentials(),
    Component::new(
        "Create Local Administrator",
        Scripts,
        &[
            text("UserName", "svc-größe"),
            text("Password", "").about("Stored in clear text: prefer a site variable"),
            date("ExpiresOn", ""),
        ],
    )
    .with_credentials(),
    Component::new(
        "Run PowerShell Script",
        Scripts,
        &[text("Script", "Get-Date"), flag("Use64Bit", "true")],
    ),
    Component::new("Run PowerShell Script", Scripts, &[text("Script", "")])
        .about("Copy of Run PowerShell Script"),
    Component::new(
        "Clear Temporary Files [WIN]",
        Scripts,
        &[text("OlderThanDays", "30"), text("FreedBytes", "").output()],
    ),
    Component::new("Windows-Update zurücksetzen", Scripts, &[]),
    Component::new(
        "Restart Service",
        Scripts,
        &[text("ServiceName", "Spooler"), text("TimeoutSeconds", "60")],
    ),
    Component::new(
        "Neustart planen",
        Scripts,
        &[
            date("Tag", ""),
            text("Uhrzeit", "22:00"),
            flag("Erzwingen", "false"),
        ],
    ),
    Component::new("Collect Event Logs", Scripts, &[choice("Log", "System")]),
    Component::new("Flush DNS", Scripts, &[]),
    Component::new("Rename Computer", Scripts, &[text("NewName", "")]).with_credentials(),
    Component::new(
        "Join Domain",
        Scripts,
        &[text("Domain", "corp.example.local")],
    )
    .with_credentials(),
    Component::new(
        "Deploy Wallpaper & Lockscreen",
        Scripts,
        &[text("ImageUrl", "")],
    ),
    Component::new("Brew Upgrade [MAC]", Scripts, &[]),
    Component::new(
        "apt full-upgrade [LIN]",
        Scripts,
        &[flag("Autoremove", "true")],
    ),
    Component::new(
        "Zertifikate, die bald ablaufen",
        Devicemonitors,
        &[text("Tage", "30")],
    )
    .about("Meldet Zertifikate im Speicher des Rechners."),
    Component::new(
        "Pending Reboot Monitor",
        Devicemonitors,
        &[text("MaxDays", "7")],
    ),
    Component::new("SMART-Werte überwachen", Devicemonitors, &[]),
    Component::new(
        "Backup-Ergebnis prüfen",
        Devicemonitors,
        &[text("MaxHours", "26"), choice("Product", "Veeam")],
    ),
    Component::new("Local Administrators Changed", Devicemonitors, &[]),
    Component::new(
        "Ticket bei Agent-Ausfall",
        Integrations,
        &[text("Queue", "Helpdesk")],
    ),
    Component::new(
        "Inventory to CMDB",
        Integrations,
        &[text("ApiKey", ""), flag("Full", "false")],
    ),
];

/// A component as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComponentView {
    id: i64,
    credentials_required: bool,
    uid: Uid,
    name: &'static str,
    description: Option<&'static str>,
    category_code: Category,
    variables: Vec<VariableView>,
    #[serde(flatten)]
    extra: Option<Extra>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VariableView {
    name: &'static str,
    default_val: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    direction: bool,
    description: Option<&'static str>,
    variables_idx: usize,
}

impl VariableView {
    fn new((index, variable): (usize, &Variable)) -> Self {
        Self {
            name: variable.name,
            default_val: variable.default,
            kind: match variable.kind {
                Kind::Text => "string",
                Kind::Boolean => "boolean",
                Kind::Date => "date",
                Kind::Choice => "map",
            },
            direction: variable.input,
            description: variable.description,
            variables_idx: index,
        }
    }
}

impl World {
    pub(crate) fn component_uid(&self, index: u32) -> Uid {
        self.seed.uid(Purpose::ComponentUid, index)
    }

    /// Writes one component.
    pub(crate) fn component_view(&self, index: u32, extra: bool) -> ComponentView {
        let component = &COMPONENTS[index as usize];
        let variables = component.variables.iter().enumerate();
        ComponentView {
            id: FIRST_ID + ID_STEP * i64::from(index),
            credentials_required: component.credentials,
            uid: self.component_uid(index),
            name: component.name,
            description: component.description,
            category_code: component.category,
            variables: variables.map(VariableView::new).collect(),
            extra: extra.then(Extra::default),
        }
    }
}
