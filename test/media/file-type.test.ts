import { describe, expect, test } from 'vitest';
import { detectFileType } from '../../src/media/file-type.ts';

const bytes = (text: string) => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(64)]);
const ftyp = (major: string, ...compatible: string[]) =>
  bytes(`\0\0\0${String.fromCharCode(16 + compatible.length * 4)}ftyp${major}\0\0\0\0${compatible.join('')}`);

/** Two silent frames of an MP3: 128 kbit/s at 44.1 kHz are 417 bytes each. */
function mp3(): Buffer {
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0x00]);
  return Buffer.concat([frame, frame]);
}

describe('the type of a file is what its bytes say', () => {
  test.each([
    ['image/jpeg', bytes('\xff\xd8\xff\xe0')],
    ['image/png', bytes('\x89PNG\r\n\x1a\n')],
    ['image/gif', bytes('GIF89a')],
    ['image/webp', bytes('RIFF\0\0\0\0WEBPVP8 ')],
    ['image/avif', ftyp('avif', 'mif1')],
    ['image/avif', ftyp('mif1', 'miaf', 'avif')],
    ['audio/mpeg', bytes('ID3\x04\x00\x00\x00\x00\x00\x10')],
    ['audio/mpeg', mp3()],
    ['audio/ogg', bytes(`OggS${'\0'.repeat(24)}OpusHead`)],
    ['audio/ogg', bytes(`OggS${'\0'.repeat(24)}\x01vorbis`)],
    ['video/ogg', bytes(`OggS${'\0'.repeat(24)}\x80theora`)],
    ['audio/flac', bytes('fLaC')],
    ['audio/wav', bytes('RIFF\0\0\0\0WAVEfmt ')],
    ['audio/mp4', ftyp('M4A ', 'isom', 'mp42')],
    ['video/mp4', ftyp('isom', 'iso2', 'avc1', 'mp41')],
    ['video/webm', bytes('\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm')],
    ['application/pdf', bytes('%PDF-1.7')],
  ])('%s', (type, file) => {
    expect(detectFileType(file)).toBe(type);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['HTML', bytes('<!doctype html><script>alert(1)</script>')],
    ['SVG', bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['XML', bytes('<?xml version="1.0"?><svg/>')],
    ['JavaScript', bytes('alert(1)')],
    ['WebAssembly', bytes('\0asm\x01\0\0\0')],
    ['a ZIP archive', bytes('PK\x03\x04')],
    ['MHTML', bytes('MIME-Version: 1.0\r\nContent-Type: multipart/related')],
    ['a program', bytes('\x7fELF')],
    ['HEIC', ftyp('heic', 'mif1')],
    ['QuickTime', ftyp('qt  ')],
    ['Matroska', bytes('\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska')],
    ['TIFF', bytes('II*\0')],
    ['text that looks like a frame of sound', bytes('\xff\xfb\x90')],
    ['markup behind a tag of sound', bytes('ID3<script>')],
    ['a PDF behind markup', bytes('<html>%PDF-1.7')],
    ['an activity', bytes('{"@context":"https://www.w3.org/ns/activitystreams"}')],
  ])('%s is not taken (C30, A12)', (_name, file) => {
    expect(detectFileType(file)).toBeNull();
  });
});
