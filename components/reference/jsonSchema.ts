import { z } from "zod";
import { KEYS_BY_PATTERN, stackFileSchema } from "./stackFile";
import { code } from "./yamlValue";

/** A JSON Schema of draft 7, which every editor's YAML support reads. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * `Pulumi.<stack>.yaml` as a JSON Schema. It knows shapes, limits, defaults and descriptions; what two places say
 * together (references, addresses in their networks, VMIDs used twice) and sizes as numbers are checked by a run alone.
 */
export function stackFileJsonSchema(policies: z.ZodType): JsonSchema {
  const document = convert(stackFileSchema(policies));
  inner(document.properties?.config).patternProperties = Object.fromEntries(
    Object.entries(KEYS_BY_PATTERN).map(([pattern, schema]) => {
      const converted = convert(schema);
      delete converted.$schema;
      return [pattern, converted];
    }),
  );
  return { $comment: "Written by npm run reference, from the schemas.", ...document };
}

/** A part of a schema that is no bare true or false; zod writes those for nothing of ours. */
export function inner(schema: JsonSchema | boolean | undefined): JsonSchema {
  if (typeof schema !== "object") throw new Error("the JSON Schema has a hole");
  return schema;
}

function convert(schema: z.ZodType): JsonSchema {
  const { "~standard": _, ...converted } = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      leaveOutSafeIntegers(jsonSchema);
      // zod leaves both out where a value is transformed; ours are what the file says.
      if (zodSchema._zod.def.type === "default") {
        jsonSchema.default = (zodSchema._zod.def as z.core.$ZodDefaultDef).defaultValue;
      }
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
      Object.assign(jsonSchema, messagesOf(zodSchema));
      const text = hoverText(jsonSchema);
      if (text !== undefined) jsonSchema.markdownDescription = text;
    },
  });
  return converted;
}

/** Every whole number is one that JavaScript can count; nobody needs to read that. */
function leaveOutSafeIntegers(schema: JsonSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

/** What editors show over a key; by themselves they leave out the default. */
function hoverText({ description, default: value }: JsonSchema): string | undefined {
  if (description === undefined || value === undefined) return description;
  return `${description}\n\nDefault: ${code(value)}`;
}

/** The words with which our schema refuses a text in the wrong form, or what is no text: editors show them too. */
function messagesOf({ _zod: { def } }: z.core.$ZodType): JsonSchema {
  if (def.type !== "string") return {};
  const { checks = [] } = def as z.core.$ZodStringDef;
  const noText = words(def.error);
  const wrongForm = noText ?? checks.map((check) => words(check._zod.def.error)).find(Boolean);
  return {
    ...(noText === undefined ? {} : { errorMessage: noText }),
    ...(wrongForm === undefined ? {} : { patternErrorMessage: wrongForm }),
  };
}

function words(error: z.core.$ZodErrorMap<never> | undefined): string | undefined {
  const message = error?.({ code: "custom" } as never);
  return typeof message === "string" ? message : message?.message;
}
