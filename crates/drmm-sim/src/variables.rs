//! The variables of the account and of its sites, as they are now.

use std::collections::HashMap;

use parking_lot::RwLock;

use crate::{
    data::{Variable, variable},
    seed::Seed,
};

/// Whose variables they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Owner {
    Account,
    /// The site with this index.
    Site(u32),
}

/// Why a variable cannot be as wanted.
#[derive(Debug, PartialEq)]
pub(crate) enum VariableFault {
    /// The owner has none with this id.
    Missing,
    /// Another one of the same owner has this name.
    NameTaken,
}

/// All variables. Ids are given once in the account, whoever owns the variable.
pub(crate) struct Variables(RwLock<Inner>);

struct Inner {
    lists: HashMap<Owner, Vec<Variable>>,
    /// How many there ever were.
    made: usize,
}

impl Variables {
    /// The variables that an account with so many sites begins with.
    pub(crate) fn generate(seed: Seed, sites: u32) -> Self {
        let mut inner = Inner {
            lists: HashMap::new(),
            made: 0,
        };
        inner.begin(Owner::Account, variable::of_account(seed));
        for site in 0..sites {
            inner.begin(Owner::Site(site), variable::of_site(seed, site));
        }
        Self(RwLock::new(inner))
    }

    /// All variables of an owner, oldest first.
    pub(crate) fn of(&self, owner: Owner) -> Vec<Variable> {
        self.0.read().lists.get(&owner).cloned().unwrap_or_default()
    }

    pub(crate) fn create(
        &self,
        owner: Owner,
        name: String,
        value: String,
        masked: bool,
    ) -> Result<(), VariableFault> {
        let mut inner = self.0.write();
        want_free(inner.list(owner), &name, None)?;
        let id = inner.next_id();
        inner.list(owner).push(Variable {
            id,
            name,
            value,
            masked,
        });
        Ok(())
    }

    /// Gives a variable another name and value; whether it is masked stays.
    pub(crate) fn update(
        &self,
        owner: Owner,
        id: i64,
        name: String,
        value: String,
    ) -> Result<(), VariableFault> {
        let mut inner = self.0.write();
        let list = inner.list(owner);
        let at = position(list, id)?;
        want_free(list, &name, Some(id))?;
        let variable = &mut list[at];
        (variable.name, variable.value) = (name, value);
        Ok(())
    }

    pub(crate) fn delete(&self, owner: Owner, id: i64) -> Result<(), VariableFault> {
        let mut inner = self.0.write();
        let list = inner.list(owner);
        let at = position(list, id)?;
        list.remove(at);
        Ok(())
    }
}

impl Inner {
    fn begin(&mut self, owner: Owner, mut list: Vec<Variable>) {
        for variable in &mut list {
            variable.id = self.next_id();
        }
        self.lists.insert(owner, list);
    }

    fn list(&mut self, owner: Owner) -> &mut Vec<Variable> {
        self.lists.entry(owner).or_default()
    }

    fn next_id(&mut self) -> i64 {
        let id = Variable::id(self.made);
        self.made += 1;
        id
    }
}

fn position(list: &[Variable], id: i64) -> Result<usize, VariableFault> {
    let found = list.iter().position(|variable| variable.id == id);
    found.ok_or(VariableFault::Missing)
}

/// Wants that none but the one with the id `but` has this name.
fn want_free(list: &[Variable], name: &str, but: Option<i64>) -> Result<(), VariableFault> {
    let taken = |variable: &Variable| variable.name == name && Some(variable.id) != but;
    if list.iter().any(taken) {
        return Err(VariableFault::NameTaken);
    }
    Ok(())
}
