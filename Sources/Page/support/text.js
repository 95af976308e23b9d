/** Everything that people read in the page. A translation is another file like this one. */
export const text = {
  name: "Slicewise",

  // Annotate: tools, saving, conflicts, history.
  annotate: {
  },

  // Words that several parts use.
  common: {
    cancel: "Cancel",
    close: "Close",
    remove: "Remove",
    retry: "Try again",
    offline: "The server does not answer. Nothing is lost; the page tries again.",
    notAllowed: "Your token may not do this.",
    unlabeled: "unlabeled",
  },
};
