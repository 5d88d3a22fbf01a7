//! Which fields of an item are handed over, as a tree of names: `udf.udf5` is the field `udf5` of
//! the field `udf`.

use std::collections::HashMap;

use super::names;
use crate::wire;

/// More than any object of the API has, and few enough that nobody can make the tree slow.
const MOST: usize = 1_000;

/// So many branches are looked through one by one before there is an index.
const FEW: usize = 8;

/// A place in the tree: the item, or one of the fields on the way to those that are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    fields: &'a Fields,
    branch: &'a Branch,
}

/// The branch that is the item itself.
const ITEM: usize = 0;

/// The fields that are wanted, in order.
#[derive(Debug)]
pub(crate) struct Fields {
    /// As they were named.
    names: Vec<Box<str>>,
    branches: Vec<Branch>,
}

#[derive(Debug)]
struct Branch {
    name: Box<str>,
    /// The number of the field that is wanted here, if one is.
    slot: Option<usize>,
    /// The numbers of those that are wanted further down.
    below: Vec<usize>,
    children: Vec<usize>,
    index: Option<HashMap<String, usize>>,
}

impl Fields {
    /// Reads the names of fields.
    ///
    /// # Errors
    /// There are none or too many, one of them is none, or is there twice.
    pub(crate) fn new(names: Vec<String>) -> Result<Self, String> {
        if names.is_empty() {
            return Err("no field is named".to_owned());
        }
        if names.len() > MOST {
            return Err(format!(
                "{} fields are named; at most {MOST} can be",
                names.len()
            ));
        }
        let mut fields = Self {
            names: Vec::new(),
            branches: vec![Branch::new("")],
        };
        for name in names {
            fields.add(&name)?;
            fields.names.push(name.into());
        }
        Ok(fields)
    }

    fn add(&mut self, name: &str) -> Result<(), String> {
        let slot = self.names.len();
        let mut at = ITEM;
        for part in name.split('.') {
            if part.is_empty() {
                return Err(if name.is_empty() {
                    "the name of a field is empty".to_owned()
                } else {
                    let name = names::quoted(name);
                    format!("in the field name {name} there is nothing beside a dot")
                });
            }
            if part.trim().len() < part.len() {
                let name = names::quoted(name);
                return Err(format!("the field name {name} has white space at an end"));
            }
            self.branches[at].below.push(slot);
            at = match self.child(&self.branches[at], part.as_bytes()) {
                Some(child) => child,
                None => self.grow(at, part),
            };
        }
        let branch = &mut self.branches[at];
        if branch.slot.is_some() {
            return Err(format!("the field {} is named twice", names::quoted(name)));
        }
        branch.slot = Some(slot);
        Ok(())
    }

    fn grow(&mut self, parent: usize, name: &str) -> usize {
        let child = self.branches.len();
        self.branches.push(Branch::new(name));
        self.branches[parent].children.push(child);
        let branch = &self.branches[parent];
        let new = match &branch.index {
            Some(_) => vec![child],
            None if branch.children.len() > FEW => branch.children.clone(),
            None => return child,
        };
        let names: Vec<(String, usize)> = new
            .into_iter()
            .map(|child| (names::folded(&self.branches[child].name), child))
            .collect();
        self.branches[parent]
            .index
            .get_or_insert_default()
            .extend(names);
        child
    }

    /// The branch that a key leads to, in upper or lower case.
    fn child(&self, branch: &Branch, key: &[u8]) -> Option<usize> {
        if let Some(index) = &branch.index {
            let name = std::str::from_utf8(key).ok()?;
            return index.get(&names::folded(name)).copied();
        }
        let same = |child: &&usize| names::are_same(&self.branches[**child].name, key);
        branch.children.iter().find(same).copied()
    }

    /// The item itself.
    pub(crate) fn item(&self) -> Place<'_> {
        Place {
            fields: self,
            branch: &self.branches[ITEM],
        }
    }

    /// The names of the fields, in order.
    pub(crate) fn names(&self) -> &[Box<str>] {
        &self.names
    }

    /// The list of keys of every item, as MessagePack.
    pub(crate) fn list(&self) -> Vec<u8> {
        let mut list = Vec::new();
        wire::array(&mut list, self.names.len());
        for name in &self.names {
            wire::string(&mut list, name);
        }
        list
    }
}

impl<'a> Place<'a> {
    /// The place that a key leads to, in upper or lower case.
    pub(crate) fn child(self, key: &[u8]) -> Option<Self> {
        let Self { fields, branch } = self;
        let branch = &fields.branches[fields.child(branch, key)?];
        Some(Self { fields, branch })
    }

    /// The number of the field that is wanted here, if one is.
    pub(crate) fn slot(self) -> Option<usize> {
        self.branch.slot
    }

    /// The numbers of the fields that are wanted below.
    pub(crate) fn below(self) -> &'a [usize] {
        &self.branch.below
    }

    /// The number of one field that is wanted here or below.
    pub(crate) fn any(self) -> Option<usize> {
        self.slot().or_else(|| self.below().first().copied())
    }
}

impl Branch {
    fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            slot: None,
            below: Vec::new(),
            children: Vec::new(),
            index: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(names: &[&str]) -> Result<Fields, String> {
        Fields::new(names.iter().map(|&name| name.to_owned()).collect())
    }

    fn slot(fields: &Fields, path: &[&str]) -> Option<usize> {
        path.iter()
            .try_fold(fields.item(), |place, key| place.child(key.as_bytes()))
            .and_then(Place::slot)
    }

    #[test]
    fn a_path_is_found_in_any_case() {
        let fields = fields(&["udf.Udf5", "UID", "udf", "größe"]).expect("names");
        assert_eq!(slot(&fields, &["UDF", "udf5"]), Some(0));
        assert_eq!(slot(&fields, &["uid"]), Some(1));
        assert_eq!(slot(&fields, &["Udf"]), Some(2));
        assert_eq!(slot(&fields, &["GRÖßE"]), Some(3));
        for path in [&["udf5"][..], &["ui"], &["uid", "x"], &["udf", "udf50"]] {
            assert_eq!(slot(&fields, path), None, "{path:?}");
        }
        assert_eq!(fields.item().below(), [0, 1, 2, 3]);
    }

    #[test]
    fn many_names_are_found_as_well() {
        let names: Vec<String> = (0..MOST).map(|i| format!("Field{i}")).collect();
        let fields = Fields::new(names).expect("names");
        for i in [0, 8, 9, 999] {
            assert_eq!(slot(&fields, &[&format!("fIELD{i}")]), Some(i));
        }
        assert_eq!(slot(&fields, &["field1000"]), None);
        assert!(fields.item().child(b"\xff").is_none());
    }

    #[test]
    fn names_that_are_none_are_refused() {
        for (names, message) in [
            (&[][..], "no field is named"),
            (&["a", ""], "the name of a field is empty"),
            (&[" "], "the field name \" \" has white space at an end"),
            (&["a\t"], "the field name \"a \" has white space at an end"),
            (
                &["a. b"],
                "the field name \"a. b\" has white space at an end",
            ),
            (
                &["a..b"],
                "in the field name \"a..b\" there is nothing beside a dot",
            ),
            (
                &["."],
                "in the field name \".\" there is nothing beside a dot",
            ),
            (&["uid", "UID"], "the field \"UID\" is named twice"),
            (&["a.b", "a", "A.B"], "the field \"A.B\" is named twice"),
        ] {
            let fault = fields(names).expect_err("refused");
            assert_eq!(fault, message, "{names:?}");
        }
        let many = vec!["x".to_owned(); MOST + 1];
        let fault = Fields::new(many).expect_err("refused");
        assert_eq!(fault, "1001 fields are named; at most 1000 can be");
    }
}
