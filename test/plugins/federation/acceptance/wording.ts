import type { Json } from '../../../support/remote-peer.ts';

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Proofs and signatures are of the document as it was. */
const historical = ['signature', 'proof', 'bto', 'bcc'];

const without = (value: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

/**
 * An activity that says what `usual` says, as the document of a software says such things: what is a list, an object or
 * absent there is so here, and everything that it has besides stays.
 */
export function inTheShapeOf(document: Json, usual: Json): Json {
  const isBare = document.actor === undefined;
  const shape = isBare ? { ...usual, object: document } : document;
  const said = without(shape, historical);
  const { actor, object, target } = usual;
  return {
    ...said,
    ...('id' in shape && { id: usual.id }),
    actor: named(shape.actor, actor),
    object: objectIn(shape.object, object),
    ...(target !== undefined && { target }),
    ...(isObject(object) && object.content !== undefined && addressing(said, usual, object)),
  };
}

/** An id in the form in which another stood: as it is, in an object, or in a list of either. */
function named(shape: unknown, id: unknown): unknown {
  if (Array.isArray(shape)) return [named(shape[0], id)];
  return isObject(shape) ? { ...without(shape, ['inbox', 'publicKey']), id } : id;
}

function objectIn(shape: unknown, usual: unknown): unknown {
  const form = Array.isArray(shape) ? shape[0] : shape;
  if (!isObject(usual)) return named(shape, usual);
  if (!isObject(form)) return usual.type === 'Tombstone' || usual.id === undefined ? usual.id : usual;
  if (usual.content === undefined) {
    const said = without(form, historical);
    return {
      ...said,
      ...('id' in form && { id: usual.id }),
      ...('actor' in usual && { actor: usual.actor }),
      ...('object' in usual && { object: usual.object }),
      ...('content' in usual && { content: usual.content }),
    };
  }
  return noteIn(form, usual);
}

function noteIn(form: Json, usual: Json): Json {
  const { content, id, inReplyTo, tag } = usual;
  const said = without(form, [...historical, 'inReplyToAtomUri', 'name', 'audience', 'quote', 'quoteUrl']);
  return {
    ...said,
    id,
    url: isObject(form.url) || Array.isArray(form.url) ? form.url : `${id}/page`,
    attributedTo: named(form.attributedTo, usual.attributedTo),
    ...('actor' in form && { actor: usual.attributedTo }),
    inReplyTo: inReplyTo === null ? null : named(form.inReplyTo, inReplyTo),
    ...('mediaType' in form && { mediaType: 'text/html' }),
    content,
    ...(isObject(form.contentMap) && { contentMap: { en: content } }),
    ...addressing(form, usual, usual),
    ...(tag !== undefined && { tag: isObject(form.tag) ? (tag as unknown[])[0] : tag }),
    ...(usual.updated !== undefined && { updated: usual.updated }),
  };
}

/** To the same people, as a list or alone, with Public by the name that the software has for it. */
function addressing(form: Json, usual: Json, object: Json): Json {
  const text = JSON.stringify([form.to, form.cc]);
  const isShort = text.includes('as:Public');
  const to = (usual.to ?? object.to) as string[];
  const names = to.map((id) => (isShort && id.endsWith('#Public') ? 'as:Public' : id));
  return { to: typeof form.to === 'string' ? names[0] : names, cc: usual.cc ?? object.cc };
}

/** An actor document as that software serves it, with the id, the addresses and the key of the usual one. */
export function shapedActor(original: Json): (usual: Json) => Json {
  return (usual) => {
    const key = [original.publicKey].flat()[0] as Json | undefined;
    const { id, type, inbox, outbox, followers, preferredUsername, endpoints, publicKey } = usual;
    const said = without(original, [...historical, 'sharedInbox', 'featured', 'movedTo', 'assertionMethod']);
    return {
      ...said,
      ...{ id, type: original.type ?? type, inbox, outbox, followers, preferredUsername, endpoints },
      publicKey: { ...key, ...(publicKey as Json) },
    };
  };
}
