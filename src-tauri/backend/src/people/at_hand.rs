//! The decisions, at hand: read from the workspace once, and brought up to date where some were added or taken back since,
//! also by another program.

use std::sync::{Arc, Mutex};

use muster_engine::decisions::RecipeDecisions;

use super::book::{Book, Entry};
use crate::error::Result;
use crate::imports::{Imports, poisoned};
use crate::store::decision::{self, Age, Parts};

/// The decisions of the workspace, once they were read.
#[derive(Default)]
pub(crate) struct AtHand(Mutex<Option<Kept>>);

struct Kept {
    age: Age,
    book: Arc<Book>,
    joined: Option<Joined>,
}

/// With what the target remembers of an import, as a run of matching found it.
struct Joined {
    import: i64,
    run: String,
    book: Arc<Book>,
}

impl AtHand {
    fn age(&self) -> Result<Option<Age>> {
        Ok(self.0.lock().map_err(|_| poisoned())?.as_ref().map(|kept| kept.age))
    }

    /// The book where it is of that age.
    fn of_age(&self, age: Age) -> Result<Option<Arc<Book>>> {
        let kept = self.0.lock().map_err(|_| poisoned())?;
        Ok(kept.as_ref().filter(|kept| kept.age == age).map(|kept| Arc::clone(&kept.book)))
    }

    fn keep(&self, age: Age, book: Book) -> Result<Arc<Book>> {
        let book = Arc::new(book);
        *self.0.lock().map_err(|_| poisoned())? = Some(Kept { age, book: Arc::clone(&book), joined: None });
        Ok(book)
    }

    /// Adds what was decided between two ages; `None` where the book is of another age by now.
    fn extend(&self, from: Age, to: Age, (pairs, values): Parts) -> Result<Option<Arc<Book>>> {
        let mut kept = self.0.lock().map_err(|_| poisoned())?;
        let Some(kept) = kept.as_mut().filter(|kept| kept.age == from) else { return Ok(None) };
        let entries: Vec<Entry> = pairs.into_iter().map(|(set, pair)| Entry { set, pair }).collect();
        if let Some(joined) = &mut kept.joined {
            Arc::make_mut(&mut joined.book).extend(entries.clone(), values.clone());
        }
        Arc::make_mut(&mut kept.book).extend(entries, values);
        kept.age = to;
        Ok(Some(Arc::clone(&kept.book)))
    }

    /// A book with what the target remembers of an import, as a run of matching found it.
    pub(super) fn joined(
        &self,
        book: &Arc<Book>,
        (import, run): (i64, &str),
        of_target: impl FnOnce() -> Result<RecipeDecisions>,
    ) -> Result<Arc<Book>> {
        let mut kept = self.0.lock().map_err(|_| poisoned())?;
        let mut kept = kept.as_mut().filter(|kept| Arc::ptr_eq(&kept.book, book));
        let known = kept.as_ref().and_then(|kept| kept.joined.as_ref());
        if let Some(joined) = known.filter(|joined| joined.import == import && joined.run == run) {
            return Ok(Arc::clone(&joined.book));
        }
        let joined = book.joined(&of_target()?);
        if let Some(kept) = &mut kept {
            // A second look at one and the same book would have to be brought up to date, too.
            let own = !Arc::ptr_eq(&joined, book);
            kept.joined = own.then(|| Joined { import, run: run.to_owned(), book: Arc::clone(&joined) });
        }
        Ok(joined)
    }
}

impl Imports {
    /// The decisions of the workspace.
    pub(super) async fn book(&self) -> Result<Arc<Book>> {
        // The age comes first: what is decided while the parts are read is at most read twice.
        let age = decision::age(self.db()).await?;
        if let Some(book) = self.at_hand.of_age(age)? {
            return Ok(book);
        }
        if let Some(known) = self.at_hand.age()?.filter(|known| known.reverted == age.reverted) {
            let added = decision::parts_after(self.db(), known.last).await?;
            if let Some(book) = self.at_hand.extend(known, age, added)? {
                return Ok(book);
            }
        }
        let (pairs, values) = decision::parts_after(self.db(), 0).await?;
        let book = Book::new(pairs.into_iter().map(|(set, pair)| Entry { set, pair }), values);
        self.at_hand.keep(age, book.forgetting(self.reverted_decisions().await?))
    }

    /// What was decided here and taken back: it no longer counts where a target still has it.
    pub(crate) async fn reverted_decisions(&self) -> Result<RecipeDecisions> {
        decision::reverted(self.db()).await
    }
}
