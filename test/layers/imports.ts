import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix, relative } from 'node:path';
import { parseSync } from '@swc/core';

export const ROOT = join(import.meta.dirname, '..', '..');

/** One import of a file: of another file of the repository, of a package, or of a Node built-in. */
export type Import = {
  readonly specifier: string;
  /** Erased when compiled: it says nothing about what is loaded. */
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
  readonly target:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'package'; readonly name: string }
    | { readonly kind: 'node' };
};

export type Source = { readonly path: string; readonly imports: readonly Import[]; readonly exportsDefault: boolean };

type Node = { readonly type?: string; readonly [key: string]: unknown };

/** What a TypeScript file imports, type imports and dynamic ones too. `path` is relative to the repository. */
export function readSource(path: string, code: string): Source {
  const body = parseSync(code, { syntax: 'typescript', target: 'es2022' }).body as unknown as readonly Node[];
  const imports: Import[] = [];
  const add = (specifier: string, typeOnly: boolean, dynamic = false) =>
    imports.push({ specifier, typeOnly, dynamic, target: targetOf(path, specifier) });
  walk(body, (node) => {
    const source = text(node.source);
    if (source !== undefined && /^(Import|Export)/.test(node.type ?? '')) add(source, node.typeOnly === true);
    const argument = text(node.argument);
    if (node.type === 'TsImportType' && argument !== undefined) add(argument, true);
    const required = text((node.moduleRef as Node | undefined)?.expression);
    if (node.type === 'TsImportEqualsDeclaration' && required !== undefined) add(required, node.isTypeOnly === true);
    if (node.type === 'CallExpression') {
      const callee = node.callee as Node;
      const called = text((node.arguments as readonly { expression: unknown }[])[0]?.expression);
      if (called !== undefined && (callee.type === 'Import' || callee.value === 'require')) add(called, false, true);
    }
  });
  return { path, imports, exportsDefault: body.some(isDefaultExport) };
}

/** Every TypeScript file of the repository, relative to it, sorted. */
export function typeScriptFiles(): readonly string[] {
  const files: string[] = [];
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === 'dist') continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith('.ts')) files.push(relative(ROOT, path));
    }
  };
  visit(ROOT);
  return files.sort();
}

export function readFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function isDefaultExport(statement: Node): boolean {
  if (statement.type === 'ExportDefaultExpression' || statement.type === 'ExportDefaultDeclaration') return true;
  const specifiers = (statement.specifiers ?? []) as readonly { orig?: Node; exported?: Node | null }[];
  return (
    statement.type === 'ExportNamedDeclaration' &&
    specifiers.some(({ orig, exported }) => (exported ?? orig)?.value === 'default')
  );
}

function targetOf(from: string, specifier: string): Import['target'] {
  if (isBuiltin(specifier)) return { kind: 'node' };
  if (!specifier.startsWith('.')) {
    const [scope = '', name = ''] = specifier.split('/');
    return { kind: 'package', name: scope.startsWith('@') ? `${scope}/${name}` : scope };
  }
  const path = posix.join(dirname(from), specifier);
  return { kind: 'file', path: existsSync(join(ROOT, path, 'index.ts')) ? posix.join(path, 'index.ts') : path };
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value) walk(each, visit);
  else if (typeof value === 'object' && value !== null) {
    visit(value as Node);
    for (const each of Object.values(value)) walk(each, visit);
  }
}

function text(node: unknown): string | undefined {
  const literal = node as Node | null | undefined;
  return literal?.type === 'StringLiteral' ? (literal.value as string) : undefined;
}
