// Owns the reading of the console's sources for tests: which message keys they use, and which words they write
// straight into the page.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';

interface Node {
  type: string;
  start: number;
  [field: string]: unknown;
}

export interface KeyUse {
  file: string;
  /** Full key; `*` stands for a part known only while running. */
  key: string;
  /** The translator's area was not in sight (handed in as an argument): any area may be meant. */
  anyArea: boolean;
}

export interface Literal {
  file: string;
  text: string;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function children(node: Node): Node[] {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter(isNode);
}

function identifier(node: unknown): string | null {
  return isNode(node) && node.type === 'Identifier' && typeof node['name'] === 'string' ? node['name'] : null;
}

/** The texts an expression can be: literals, both sides of a condition, templates with `*` for their gaps. */
function texts(node: unknown): string[] {
  if (!isNode(node)) return [];
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? [node['value']] : [];
  if (node.type === 'ConditionalExpression')
    return [...texts(node['consequent']), ...texts(node['alternate'])];
  if (node.type === 'TSAsExpression') return texts(node['expression']);
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node['quasis'])) return [];
  const parts = node['quasis'].filter(isNode).map((quasi) => {
    const value: unknown = quasi['value'];
    const hasText = typeof value === 'object' && value !== null && 'cooked' in value;
    return hasText ? String(value.cooked) : '';
  });
  return [parts.join('*')];
}

/** Every source file of the console except tests, with its syntax tree. */
export function parseSources(root: string): { file: string; program: Node }[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|\.d\.ts$|^messages\/checks\//.test(name))
    .map((name) => {
      const path = join(root, name);
      const { program } = parseSync(path, readFileSync(path, 'utf8'));
      return { file: relative(root, path), program: program as unknown as Node };
    });
}

/** Message keys used in a file: `t('a')`, `t.has('a')`, `t(\`a.${b}\`)`, with `t` from `useTranslations(area)`. */
export function findKeys(file: string, program: Node): KeyUse[] {
  const uses: KeyUse[] = [];
  const scopes = [new Map<string, string>()];

  function areaOf(name: string): string | null {
    for (const scope of scopes.toReversed()) {
      const area = scope.get(name);
      if (area !== undefined) return area;
    }
    return null;
  }

  function record(call: Node, name: string): void {
    const [first] = Array.isArray(call['arguments']) ? (call['arguments'] as unknown[]) : [];
    const area = areaOf(name);
    if (area === null && name !== 't') return;
    for (const text of texts(first)) {
      uses.push({ file, key: area === null ? text : `${area}.${text}`, anyArea: area === null });
    }
  }

  function visit(node: Node): void {
    const opensScope = /Function|Program/.test(node.type);
    if (opensScope) scopes.push(new Map<string, string>());
    if (node.type === 'VariableDeclarator') {
      const name = identifier(node['id']);
      const init = node['init'];
      if (name !== null && isNode(init) && init.type === 'CallExpression') {
        const [area] = Array.isArray(init['arguments']) ? texts(init['arguments'][0]) : [];
        const isTranslator = identifier(init['callee']) === 'useTranslations';
        if (isTranslator && area !== undefined) scopes.at(-1)?.set(name, area);
      }
    }
    if (node.type === 'CallExpression') {
      const callee = node['callee'];
      const direct = identifier(callee);
      const object =
        isNode(callee) && callee.type === 'MemberExpression' ? identifier(callee['object']) : null;
      if (direct !== null) record(node, direct);
      else if (object !== null && areaOf(object) !== null) record(node, object);
    }
    for (const child of children(node)) visit(child);
    if (opensScope) scopes.pop();
  }

  visit(program);
  return uses;
}

/** Attributes whose text people read or hear. */
const spokenAttributes =
  /^(label|title|alt|placeholder|description|help|summary|content|confirmLabel|errorTitle|searchLabel|aria-label|aria-description|aria-roledescription|aria-valuetext)$/;
const word = /\p{L}{2,}/u;

/** Words written straight into JSX: between tags, in braces, or in an attribute that people read. */
export function findLiterals(file: string, program: Node): Literal[] {
  const found: Literal[] = [];

  function visit(node: Node, insideElement: boolean): void {
    if (node.type === 'JSXText' && typeof node['value'] === 'string' && word.test(node['value'])) {
      found.push({ file, text: node['value'].trim() });
    }
    if (node.type === 'JSXExpressionContainer' && insideElement) {
      for (const text of texts(node['expression'])) if (word.test(text)) found.push({ file, text });
    }
    if (node.type === 'JSXAttribute' && isNode(node['name'])) {
      const name: unknown = node['name']['name'];
      if (typeof name === 'string' && spokenAttributes.test(name)) {
        const value = node['value'];
        const expression =
          isNode(value) && value.type === 'JSXExpressionContainer' ? value['expression'] : value;
        for (const text of texts(expression)) if (word.test(text)) found.push({ file, text });
      }
    }
    const isElement = node.type === 'JSXElement' || node.type === 'JSXFragment';
    for (const child of children(node)) visit(child, isElement);
  }

  visit(program, false);
  return found;
}
