/** How deep arrays and objects of a foreign document may be nested. */
export const MAX_JSON_DEPTH = 64;

/** How many commas, that is about how many values, a foreign document may have: more is no document of this world. */
export const MAX_JSON_VALUES = 250_000;

/** Longest member name, in UTF-16 units. */
export const MAX_MEMBER_NAME_LENGTH = 4_096;

/** Longest number as written, in characters; the longest exact double has under 800. */
export const MAX_NUMBER_LENGTH = 1_024;

/** Longest id or address, in bytes of UTF-8. */
export const MAX_ID_BYTES = 2_048;

/** How many entries of any list are read; the rest is cut off. */
export const MAX_LIST_ENTRIES = 1_000;

/** How many mentions of one object are read. */
export const MAX_MENTIONS = 50;

/** How many attachments of one object, or profile fields of one actor, are read. */
export const MAX_ATTACHMENTS = 16;

/** How many custom emoji of one object are read. */
export const MAX_EMOJIS = 64;

/** How many options of one poll are read. */
export const MAX_POLL_OPTIONS = 20;

/** How many files and streams of one film or sound are read. */
export const MAX_MEDIA_SOURCES = 32;

/** How many keys of one actor are read. */
export const MAX_KEYS = 16;

/** How many documents inside each other are read: Announce → Undo → Like → Note. Deeper ones count as their ids. */
export const MAX_EMBEDDING_DEPTH = 4;

/** Longest display name, hashtag, field name and the like, in code points. */
export const MAX_NAME_LENGTH = 255;
