import { createRequire } from 'node:module';
import type { HLJSApi, LanguageFn } from 'highlight.js';

/** Grammars look back and forth: longer code is shown without colours rather than made readers wait. */
const maxLength = 20 * 1024;

/** What people write after a fence → the grammar's file. Only these, and each only when it is first met. */
const grammars: Readonly<Record<string, string>> = {
  bash: 'bash',
  c: 'c',
  'c#': 'csharp',
  'c++': 'cpp',
  clojure: 'clojure',
  cpp: 'cpp',
  cs: 'csharp',
  csharp: 'csharp',
  css: 'css',
  dart: 'dart',
  diff: 'diff',
  docker: 'dockerfile',
  dockerfile: 'dockerfile',
  elixir: 'elixir',
  erlang: 'erlang',
  go: 'go',
  graphql: 'graphql',
  haskell: 'haskell',
  html: 'xml',
  http: 'http',
  ini: 'ini',
  java: 'java',
  javascript: 'javascript',
  js: 'javascript',
  json: 'json',
  jsonc: 'json',
  jsx: 'javascript',
  kotlin: 'kotlin',
  kt: 'kotlin',
  latex: 'latex',
  less: 'less',
  lisp: 'lisp',
  lua: 'lua',
  makefile: 'makefile',
  markdown: 'markdown',
  md: 'markdown',
  nginx: 'nginx',
  nix: 'nix',
  ocaml: 'ocaml',
  patch: 'diff',
  perl: 'perl',
  php: 'php',
  powershell: 'powershell',
  py: 'python',
  python: 'python',
  r: 'r',
  rb: 'ruby',
  rs: 'rust',
  ruby: 'ruby',
  rust: 'rust',
  scala: 'scala',
  scheme: 'scheme',
  scss: 'scss',
  sh: 'bash',
  shell: 'bash',
  sql: 'sql',
  svg: 'xml',
  swift: 'swift',
  tex: 'latex',
  toml: 'ini',
  ts: 'typescript',
  tsx: 'typescript',
  typescript: 'typescript',
  vim: 'vim',
  xml: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
  zsh: 'bash',
};

const require = createRequire(import.meta.url);
let highlighter: HLJSApi | null = null;

/**
 * Code as markup with highlight.js's classes, or null where the language is not known or the code is longer than 20 KiB:
 * then it has to be escaped.
 */
export function highlight(code: string, language: string): string | null {
  const name = language.toLowerCase();
  const grammar = Object.hasOwn(grammars, name) ? grammars[name] : undefined;
  if (grammar === undefined || code.length > maxLength) return null;
  highlighter ??= loadHighlighter();
  if (!highlighter.getLanguage(grammar)) highlighter.registerLanguage(grammar, loadGrammar(grammar));
  return highlighter.highlight(code, { language: grammar, ignoreIllegals: true }).value;
}

// `require` because rendering is synchronous, and a grammar that nobody uses should not be read.
function loadHighlighter(): HLJSApi {
  const core: { newInstance(): HLJSApi } = require('highlight.js/lib/core');
  return core.newInstance();
}

function loadGrammar(grammar: string): LanguageFn {
  return require(`highlight.js/lib/languages/${grammar}`);
}
