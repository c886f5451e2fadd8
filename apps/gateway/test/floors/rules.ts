// The rules of the house as functions of one file: who may import whom, and what may be written only where.
import { dirname, join } from 'node:path/posix';
import { parseSync, Visitor } from 'oxc-parser';

/** From the ground up. */
const FLOORS = ['platform', 'config', 'protocols', 'providers', 'modules', 'relay', 'entry', 'main'] as const;
type Floor = (typeof FLOORS)[number];

/** A module may know those before it. */
const MODULES =
  'settings pricing users sessions accounts groups keys limits usage requests repricing stats webhooks audit search'.split(
    ' ',
  );

const FOLDERS: Readonly<Record<string, Floor>> = {
  platform: 'platform',
  config: 'config',
  protocols: 'protocols',
  providers: 'providers',
  modules: 'modules',
  relay: 'relay',
  entry: 'entry',
  jobs: 'entry',
  cli: 'entry',
  process: 'main',
};

const KINDS = new Set(
  'claude claude-console ccr gemini openai openai-responses azure-openai bedrock gemini-api codex'.split(' '),
);
const DIALECTS = new Set(['anthropic', 'openai-chat', 'openai-responses', 'gemini']);
const WALKING_COMMANDS = /^(keys|scan|hscan|sscan|zscan|scanStream|hscanStream|sscanStream|zscanStream)$/i;

/** What is wrong with a file; `path` is relative to src, with slashes. */
export function violations(path: string, source: string): string[] {
  if (path.endsWith('.lua')) return luaViolations(path, source);
  const { program, module, errors } = parseSync(path, source);
  if (errors.length > 0) return [`${path}: does not parse`];
  const imports = [
    ...module.staticImports,
    ...module.staticExports.flatMap(({ entries }) => entries),
  ].flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : []));
  const found = imports.flatMap((specifier) => importViolation(path, specifier));
  const say = (what: string): void => void found.push(`${path}: ${what}`);
  const isOutside = (folder: string): boolean => !path.startsWith(`${folder}/`);
  new Visitor({
    ImportExpression({ source: specifier }) {
      if (specifier.type === 'Literal' && typeof specifier.value === 'string') {
        found.push(...importViolation(path, specifier.value));
      }
    },
    MemberExpression(node) {
      if (nameOf(node) === 'env' && nameOf(node.object) === 'process' && isOutside('config')) {
        say('process.env is read in config/ only');
      }
    },
    BinaryExpression({ left, right }) {
      for (const [name, value] of [
        [nameOf(left), textOf(right)],
        [nameOf(right), textOf(left)],
      ] as const) {
        if (/kind$/i.test(name) && KINDS.has(value) && isOutside('providers')) {
          say(`asks for the kind ${value}: that is a member of the provider`);
        }
        if (/dialect$/i.test(name) && DIALECTS.has(value) && isOutside('protocols')) {
          say(`asks for the dialect ${value}: that is a member of the protocol`);
        }
      }
    },
    SwitchStatement({ discriminant, cases }) {
      const values = cases.map(({ test }) => (test === null ? '' : textOf(test)));
      if (
        /kind$/i.test(nameOf(discriminant)) &&
        values.some((value) => KINDS.has(value)) &&
        isOutside('providers')
      ) {
        say('switches over kinds: that is a member of the provider');
      }
      if (/dialect$/i.test(nameOf(discriminant)) && isOutside('protocols')) {
        say('switches over dialects: that is a member of the protocol');
      }
    },
    CallExpression({ callee, arguments: [first] }) {
      if (callee.type !== 'MemberExpression') return;
      const receiver = nameOf(callee.object);
      const isRedis = /redis|commands|background|pipeline|client$/i.test(receiver);
      const command = nameOf(callee) === 'call' && first !== undefined ? textOf(first) : nameOf(callee);
      if (isRedis && WALKING_COMMANDS.test(command)) say(`${command} walks the whole of Redis`);
    },
  }).visit(program);
  return found;
}

function luaViolations(path: string, source: string): string[] {
  const calls = [...source.matchAll(/redis\.p?call\(\s*['"](\w+)['"]/g)].map(([, command = '']) => command);
  return calls
    .filter((command) => WALKING_COMMANDS.test(command))
    .map((command) => `${path}: ${command} walks the whole of Redis`);
}

function importViolation(path: string, specifier: string): string[] {
  if (!specifier.startsWith('.')) return [];
  const target = join(dirname(path), specifier);
  if (target.startsWith('..')) return [`${path}: imports ${specifier} from outside src`];
  const [from, to] = [moduleOf(path), moduleOf(target)];
  if (from !== null && from === to) return [];
  if (FLOORS.indexOf(floorOf(path)) < FLOORS.indexOf(floorOf(target))) {
    return [`${path}: imports ${target}, which is on a floor above`];
  }
  if (to === null) return [];
  const isFront = target === `modules/${to}/index.ts` || (from === null && target.endsWith('.routes.ts'));
  if (!isFront) return [`${path}: imports ${target} past its index.ts`];
  if (from === null || MODULES.indexOf(to) < MODULES.indexOf(from)) return [];
  return [`${path}: module ${from} may not know the later module ${to}`];
}

function floorOf(path: string): Floor {
  if (path.endsWith('.routes.ts')) return 'entry';
  return FOLDERS[path.split('/')[0] ?? ''] ?? 'main';
}

function moduleOf(path: string): string | null {
  return /^modules\/([^/]+)\//.exec(path)?.[1] ?? null;
}

interface Node {
  readonly type: string;
  readonly name?: unknown;
  readonly value?: unknown;
  readonly property?: Node;
  readonly expression?: Node;
}

/** `c` of `a.b.c`, `a['c']` and `c`; empty for everything else. */
function nameOf(node: object): string {
  const { type, name, property, expression, value } = node as Node;
  if (type === 'Identifier' && typeof name === 'string') return name;
  if (type === 'Literal' && typeof value === 'string') return value;
  if (type === 'MemberExpression' && property !== undefined) return nameOf(property);
  if (type === 'ChainExpression' && expression !== undefined) return nameOf(expression);
  return '';
}

function textOf(node: object): string {
  const { type, value } = node as Node;
  return type === 'Literal' && typeof value === 'string' ? value : '';
}
