import type { ForeignActivity, ObjectRef } from '../vocabulary/activity.ts';
import { sameOrigin } from '../vocabulary/ids.ts';

/** Whether the one who signed may say what the activity says. */
export type Agreement =
  /** The actor signed, and speaks of its own. */
  | { kind: 'own' }
  /** Somebody passes on what another says: no more than a reason to ask that one's server about the object. */
  | { kind: 'hint'; objectId: string }
  | { kind: 'refused'; reason: string };

const passedOn: ReadonlySet<string> = new Set(['Create', 'Update', 'Delete']);

/**
 * Holds an activity against its verified signer. Nothing is looked up: what is stored is asked about separately.
 * Source: ActivityPub section 7.1.2 (forwarding), FEP-fe34 (origins)
 */
export function agree(signerId: string, activity: ForeignActivity): Agreement {
  if (signerId === activity.actor) return ownDeed(activity);
  if (sameOrigin(signerId, activity.actor)) {
    return refused('The signature is by another account than the actor.');
  }
  const objectId = idOfRef(activity.objects[0]);
  if (passedOn.has(activity.type) && objectId !== null && sameOrigin(objectId, activity.actor)) {
    return { kind: 'hint', objectId };
  }
  return refused('The signature is by another account than the actor.');
}

/** The id of what an activity is about, null where it has none. */
export function idOfRef(ref: ObjectRef | undefined): string | null {
  switch (ref?.kind) {
    case 'id':
      return ref.id;
    case 'activity':
      return ref.activity.id;
    case 'object':
      return ref.object.id;
    case 'actor':
      return ref.actor.id;
    default:
      return null;
  }
}

function ownDeed(activity: ForeignActivity): Agreement {
  for (const ref of activity.objects) {
    const reason = problemWith(activity, ref);
    if (reason !== null) return refused(reason);
  }
  return { kind: 'own' };
}

function problemWith({ type, actor }: ForeignActivity, ref: ObjectRef): string | null {
  switch (type) {
    case 'Create':
    case 'Update':
      return problemWithAuthor(actor, ref);
    case 'Delete': {
      const id = idOfRef(ref);
      if (id === null) return 'What is to be deleted has no id.';
      return sameOrigin(id, actor) ? null : 'The object is not on the server of its actor.';
    }
    case 'Undo':
      return problemWithUndone(actor, ref);
    default:
      return null;
  }
}

function problemWithAuthor(actor: string, ref: ObjectRef): string | null {
  const id = idOfRef(ref);
  if (id === null) return 'The object has no id.';
  if (!sameOrigin(id, actor)) return 'The object is not on the server of its actor.';
  if (ref.kind === 'actor' && ref.actor.id !== actor) return 'The account is not the actor’s own.';
  if (ref.kind !== 'object') return null;
  const { attributedTo } = ref.object;
  return attributedTo.length > 0 && !attributedTo.includes(actor)
    ? 'The object is not the actor’s own.'
    : null;
}

function problemWithUndone(actor: string, ref: ObjectRef): string | null {
  if (ref.kind === 'activity' && ref.activity.actor !== actor) return 'The activity is not the actor’s own.';
  const id = idOfRef(ref);
  if (id === null || sameOrigin(id, actor)) return null;
  return 'The activity is not on the server of its actor.';
}

function refused(reason: string): Agreement {
  return { kind: 'refused', reason };
}
