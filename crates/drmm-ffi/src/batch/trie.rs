//! The keys that objects have had so far, as a tree: from each key lead those that followed it.
//!
//! The objects of a page nearly always have the same keys in the same order, so a key is found by
//! comparing it with the one that came last time. A list of keys ends in a node, and the node
//! knows the number of its shape.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::str::Utf8Error;

use super::limit::MOST_LISTS;
use super::names;
use crate::wire;

/// A node of the tree: a list of keys, from the first to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node(u32);

/// The list without keys.
pub(crate) const ROOT: Node = Node(0);

/// So many followers are looked through one by one before there is an index.
const FEW: usize = 8;

#[derive(Debug)]
pub(crate) struct Trie {
    nodes: Vec<Entries>,
    /// The names of all nodes, one after another.
    names: String,
    notes: Vec<String>,
    full: bool,
}

#[derive(Debug)]
struct Entries {
    name: Range<usize>,
    /// The value is to be passed over.
    dropped: bool,
    shape: Option<u32>,
    parent: Node,
    /// The follower that was taken last.
    last: Option<Node>,
    followers: Vec<Node>,
    index: Option<HashMap<Box<[u8]>, Node>>,
}

/// The names of one object, once one of them has turned out to be new in its place: all that
/// follow are new as well.
#[derive(Debug, Default)]
pub(crate) struct Seen(Option<HashMap<String, Node>>);

impl Trie {
    pub(crate) fn new() -> Self {
        let root = Entries::new(0..0, false, ROOT);
        Self {
            nodes: vec![root],
            names: String::new(),
            notes: Vec::new(),
            full: false,
        }
    }

    /// Whether there were more lists of keys than are kept.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// How many lists of keys are known.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the value of this key is to be passed over.
    pub(crate) fn is_dropped(&self, node: Node) -> bool {
        self.entries(node).dropped
    }

    /// The node that `key` leads to from `node`.
    pub(crate) fn follow(
        &mut self,
        node: Node,
        key: &[u8],
        seen: &mut Seen,
    ) -> Result<Node, Utf8Error> {
        let entries = self.entries(node);
        if let Some(last) = entries.last
            && self.bytes(last) == key
        {
            return Ok(last);
        }
        let found = match &entries.index {
            Some(index) => index.get(key).copied(),
            None => entries
                .followers
                .iter()
                .copied()
                .find(|&n| self.bytes(n) == key),
        };
        let next = match found {
            Some(next) => next,
            None => self.add(node, std::str::from_utf8(key)?, seen),
        };
        self.entries_mut(node).last = Some(next);
        Ok(next)
    }

    fn add(&mut self, parent: Node, name: &str, seen: &mut Seen) -> Node {
        if self.nodes.len() == MOST_LISTS {
            self.full = true;
            // Any node will do: nothing of this answer is handed over.
            return parent;
        }
        // There are never as many as that.
        let node = Node(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let names = seen.0.get_or_insert_with(|| self.names_up_to(parent));
        let dropped = if name.is_empty() {
            self.notes.push(names::note(None, name));
            true
        } else {
            match names.entry(names::folded(name)) {
                Entry::Vacant(free) => {
                    free.insert(node);
                    false
                }
                Entry::Occupied(first) => {
                    let kept = &self.names[self.nodes[first.get().0 as usize].name.clone()];
                    self.notes.push(names::note(Some(kept), name));
                    true
                }
            }
        };

        let start = self.names.len();
        self.names.push_str(name);
        self.nodes
            .push(Entries::new(start..self.names.len(), dropped, parent));
        self.entries_mut(parent).followers.push(node);
        self.index(parent, node);
        node
    }

    /// Puts a new follower into the index, once there are so many that there is one.
    fn index(&mut self, parent: Node, node: Node) {
        let entries = self.entries(parent);
        if entries.index.is_none() && entries.followers.len() <= FEW {
            return;
        }
        let new = match &entries.index {
            Some(_) => vec![node],
            None => entries.followers.clone(),
        };
        let keys: Vec<(Box<[u8]>, Node)> = new
            .iter()
            .map(|&node| (self.bytes(node).into(), node))
            .collect();
        self.entries_mut(parent)
            .index
            .get_or_insert_default()
            .extend(keys);
    }

    fn names_up_to(&self, node: Node) -> HashMap<String, Node> {
        self.path(node)
            .into_iter()
            .filter(|&node| !self.is_dropped(node))
            .map(|node| (names::folded(self.name(node)), node))
            .collect()
    }

    /// The keys from the first to this one.
    fn path(&self, mut node: Node) -> Vec<Node> {
        let mut path = Vec::new();
        while node != ROOT {
            path.push(node);
            node = self.entries(node).parent;
        }
        path.reverse();
        path
    }

    /// The number of the shape that ends in this node, if it is known.
    pub(crate) fn shape(&self, node: Node) -> Option<u32> {
        self.entries(node).shape
    }

    /// Keeps the number of the shape that ends in this node.
    pub(crate) fn set_shape(&mut self, node: Node, number: u32) {
        self.entries_mut(node).shape = Some(number);
    }

    /// The list of keys that ends in this node, as MessagePack.
    pub(crate) fn list(&self, node: Node) -> Vec<u8> {
        let path = self.path(node);
        let mut list = Vec::new();
        wire::array(&mut list, path.len());
        for node in path {
            if self.is_dropped(node) {
                wire::nil(&mut list);
            } else {
                wire::string(&mut list, self.name(node));
            }
        }
        list
    }

    /// What there is to say about keys that were added since the last call.
    pub(crate) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// The last key of a list.
    pub(crate) fn name(&self, node: Node) -> &str {
        &self.names[self.entries(node).name.clone()]
    }

    /// As [`Trie::name`], without a look at where its characters begin.
    fn bytes(&self, node: Node) -> &[u8] {
        &self.names.as_bytes()[self.entries(node).name.clone()]
    }

    fn entries(&self, node: Node) -> &Entries {
        &self.nodes[node.0 as usize]
    }

    fn entries_mut(&mut self, node: Node) -> &mut Entries {
        &mut self.nodes[node.0 as usize]
    }
}

impl Entries {
    fn new(name: Range<usize>, dropped: bool, parent: Node) -> Self {
        Self {
            name,
            dropped,
            shape: None,
            parent,
            last: None,
            followers: Vec::new(),
            index: None,
        }
    }
}
