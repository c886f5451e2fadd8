// Owns the contract of the settings that are changed while the gateway runs, and of what the console shows of them to
// everybody.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import {
  type SettingField,
  type SettingSection,
  type SettingSections,
  settingSections,
  type SettingValues,
} from '../settings-fields.ts';
import { isoTimeSchema } from './common.ts';

/** A picture as text. No SVG: it can hold scripts. */
const IMAGE = /^data:image\/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$/;
const BASE64_CHARACTERS_A_BYTE = 4 / 3;
const DATA_URL_HEAD_CHARACTERS = 40;

function valueSchema(field: SettingField): z.ZodType {
  switch (field.type) {
    case 'number': {
      const number = field.decimals === true ? z.number() : z.int();
      return number.min(field.minimum).max(field.maximum);
    }
    case 'text':
      return z.string().trim().max(field.maximum);
    case 'choice':
      return z.enum(field.options);
    case 'image':
      return z
        .string()
        .regex(IMAGE, 'must be a PNG, JPEG, WebP or GIF as a data URL')
        .max(
          Math.ceil(field.maximumBytes * BASE64_CHARACTERS_A_BYTE) + DATA_URL_HEAD_CHARACTERS,
          `must not be larger than ${Math.floor(field.maximumBytes / 1024)} kB`,
        );
    case 'colour':
      return z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #3550c9');
  }
}

const fieldStateSchema = z.object({
  /** What holds when nothing is set here; null: off. */
  default: z.unknown(),
  /** Where the present value comes from. */
  source: z.enum(['default', 'environment', 'console']),
  /** The environment variable that gives the default, where there is one. */
  environment: z.string().nullable(),
  changedAt: isoTimeSchema.nullable(),
  changedBy: z.string().nullable(),
});
export type SettingFieldState = z.output<typeof fieldStateSchema>;

const own = {
  section: z.string(),
  /** Send it along to refuse a change of what somebody else has changed meanwhile. 0: nothing was ever set. */
  version: z.int().nonnegative(),
  fields: z.record(z.string(), fieldStateSchema),
};

type GivenShape<Section extends SettingSection> = {
  [Name in keyof SettingSections[Section]]: z.ZodOptional<
    z.ZodNullable<z.ZodType<NonNullable<SettingValues<Section>[Name]>>>
  >;
};

/** Fields of a section as they are given: null goes back to the default. */
function bodyOf<Section extends SettingSection>(section: Section) {
  const fields: Readonly<Record<string, SettingField>> = settingSections[section];
  const shape = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, valueSchema(field).nullable().optional()]),
  ) as GivenShape<Section>;
  return z.strictObject(shape).extend({ version: z.int().nonnegative().optional() });
}

/** Fields of a section as they are stored; what does not fit is left out by whoever reads. */
export function settingValueSchema(section: SettingSection, name: string): z.ZodType | null {
  const fields: Readonly<Record<string, SettingField>> = settingSections[section];
  const field = fields[name];
  return field === undefined ? null : valueSchema(field);
}

/** A section: its fields with the values that hold now, and of each where its value comes from. */
export type SettingsAnswer<Section extends SettingSection = SettingSection> = SettingValues<Section> & {
  readonly section: string;
  readonly version: number;
  readonly fields: Record<string, SettingFieldState>;
};

const view = ['admin', 'operator', 'viewer'] as const;
const change = ['admin'] as const;

type AnswerShape<Section extends SettingSection> = {
  [Name in keyof SettingSections[Section]]: z.ZodType<SettingValues<Section>[Name]>;
};

function responseOf<Section extends SettingSection>(section: Section) {
  const fields: Readonly<Record<string, SettingField>> = settingSections[section];
  const shape = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.default === null ? valueSchema(field).nullable() : valueSchema(field),
    ]),
  ) as AnswerShape<Section>;
  return z.object(own).extend(shape);
}

function routesOf<Section extends SettingSection>(section: Section) {
  const path = `/settings/${section}`;
  const body = bodyOf(section);
  const response = responseOf(section);
  return {
    get: defineRoute({
      method: 'GET',
      path,
      access: view,
      summary: `Settings: ${section}`,
      response,
    }),
    replace: defineRoute({
      method: 'PUT',
      path,
      access: change,
      summary: `Change settings: ${section}`,
      description: 'Merges the fields given; null goes back to the default. Holds on every replica at once.',
      body,
      response,
    }),
    update: defineRoute({
      method: 'PATCH',
      path,
      access: change,
      summary: `Change settings: ${section}`,
      description: 'The same as PUT.',
      body,
      response,
    }),
  };
}

export const settingsRoutes = {
  general: routesOf('general'),
  branding: routesOf('branding'),
  security: routesOf('security'),
  retention: routesOf('retention'),
  stickiness: routesOf('stickiness'),
  'cool-downs': routesOf('cool-downs'),
};

export const brandingSchema = z.object({
  /** Empty: the product's own name. */
  name: z.string(),
  logo: z.string().nullable(),
  accent: z.string().nullable(),
  announcement: z.string(),
  contact: z.string(),
  language: z.enum(settingSections.general.language.options),
});
export type Branding = z.output<typeof brandingSchema>;

export const publicRoutes = {
  branding: defineRoute({
    method: 'GET',
    path: '/public/branding',
    access: 'public',
    summary: 'Name, logo and colour of this installation, its announcement and whom to ask',
    response: brandingSchema,
  }),
};
