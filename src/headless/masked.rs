//! What is printed for outsiders: people under pseudonyms, by the rule of the copy menu.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;

use super::reach::Reach;
use super::{Out, Prints, Telling, VerbError};
use crate::model::ids::{Seq, UserId};
use crate::model::mask::{Mask, people};
use crate::model::timeline::Stretch;

impl Reach {
    /// The mask of what is printed, if there is to be one; nobody is known to it yet.
    pub(super) fn mask(&self, telling: &Telling) -> Option<Mask> {
        telling.mask_ids.then(|| Mask::of(self.conversation()))
    }

    /// Prints a stretch, after the mask has met everybody in it.
    pub(super) async fn tell(
        &self,
        stretch: Stretch,
        (telling, mut mask): (&Telling, Option<&mut Mask>),
        prints: &mut Prints<'_, impl Write, impl Write>,
    ) -> Result<(), VerbError> {
        if let Some(mask) = mask.as_deref_mut() {
            let names = self.names_to_hide((stretch, mask), prints.err).await?;
            self.introduce(stretch, &names, mask);
        }
        let teller = self.teller(telling, &|_| None, mask.as_deref());
        teller.tell(stretch, prints.out)
    }

    /// What those in a stretch are called whom the mask has not met: a text may say it.
    ///
    /// # Errors
    /// Nobody can be told that the service does not say; names then stay in the texts.
    pub(super) async fn names_to_hide(
        &self,
        (stretch, mask): (Stretch, &Mask),
        err: &mut Out<impl Write>,
    ) -> Result<HashMap<UserId, String>, VerbError> {
        let mut users = self.senders(stretch);
        users.retain(|user| !mask.knows(user.as_str()));
        match self.names(users).await {
            Ok(names) => Ok(names),
            Err(error) => {
                let words = "names are not known, so they are not masked where a text has them";
                err.line(&format!("{words}: {error}"))?;
                Ok(HashMap::new())
            }
        }
    }

    /// Makes everybody in a stretch known to the mask, in the order of what is printed,
    /// then all others who were seen on the way there: a text may name them.
    pub(super) fn introduce(
        &self,
        stretch: Stretch,
        names: &HashMap<UserId, String>,
        mask: &mut Mask,
    ) {
        let first = mask.met_nobody();
        let all = self.timeline.messages(Seq::FIRST..=Seq::LAST);
        // Who follows for days has met them with the first stretch.
        let all = first.then_some(all).into_iter().flatten();
        let stretch = self.timeline.messages(stretch.first()..=stretch.last());
        for (_, message) in stretch.chain(all) {
            let sender = message.sender.as_ref();
            let name = sender.and_then(|user| names.get(user));
            for (id, name) in people(message, name.map(String::as_str)) {
                mask.meet(&id, name.as_deref());
            }
        }
    }

    /// Everybody who sent something in a stretch.
    pub(super) fn senders(&self, stretch: Stretch) -> BTreeSet<UserId> {
        let messages = self.timeline.messages(stretch.first()..=stretch.last());
        messages.filter_map(|(_, m)| m.sender.clone()).collect()
    }
}
