import { v7 } from 'uuid';

/**
 * A new id: a UUID of version 7, so that ids sort by the moment of their making and never repeat,
 * not even after an older backup was restored.
 * Source: RFC 9562, section 5.7.
 */
export function newId(): string {
  return v7();
}
