import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FederatedApp, noteOf, type Published } from '../../../support/federated-app.ts';
import type { Json, PeerActor } from '../../../support/remote-peer.ts';
import type { Deed, Software } from './deeds.ts';
import { softwares } from './software.ts';
import { shapedActor } from './wording.ts';

const folder = join(import.meta.dirname, '../../../../../shared/fixtures');

/** Whether the documents of other software are there. */
export const isThere = existsSync(folder);

/** One of these documents. */
export const load = (path: string): Json => JSON.parse(readFileSync(join(folder, path), 'utf8'));

/** The server of a software. */
export const hostOf = ({ name }: Software) =>
  `${name
    .toLowerCase()
    .replace(/\W+(?=\w)/g, '-')
    .replace(/\W$/, '')}.example`;

/** Somebody with an account at a software, and what they do here. */
export type Reader = Software & {
  actor: PeerActor;
  /** What stands in their answer. */
  text: string;
  note: Json;
  sent: Partial<Record<Deed, Json>>;
};

/** Makes somebody there who answers a post; one who writes in the documents of the software is somebody else. */
export function newReader(from: {
  app: FederatedApp;
  post: Published;
  software: Software;
  withDocuments: boolean;
}): Reader {
  const { app, post, software, withDocuments } = from;
  const at = softwares.indexOf(software);
  const mark = withDocuments ? 'b' : '';
  const { type, members, path = `/users/somebody${at}`, keyId, like } = software.actor ?? {};
  const host = hostOf(software);
  const id = `http://${host}${path.replace(/(?<=.)\/?$/, (end) => mark + end)}`;
  const shape = withDocuments && like ? shapedActor(load(like)) : undefined;
  const actor = app.peer(host).actor(`somebody${at}${mark}`, {
    id,
    keyNumber: at,
    ...(type && { type }),
    ...(keyId && { keyId: keyId === 'actor' ? id : `${id}${keyId}` }),
    document: {
      ...members,
      inbox: `http://${host}/inbox/${at}${mark}`,
      endpoints: { sharedInbox: `http://${host}/inbox` },
    },
    ...(shape && { shape }),
  });
  // BookWyrm's keys are asked for with a slash before the fragment, which is the same page there.
  if (keyId?.startsWith('/')) app.peer(host).serve(`${id}/`, actor.document);
  const text = `Words of ${software.name} ${withDocuments ? 'itself' : 'in short'}`;
  const note = noteOf(actor, { inReplyTo: post.id, content: `<p>${text}</p>` });
  return { ...software, actor, text, note, sent: {} };
}
