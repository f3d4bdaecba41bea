// What scripts say: texts stand in English where they are used. The server puts before this what they
// are in the language of the page (TEXTS), and which that is (LANGUAGE).
const _ = (text, values = {}) => [TEXTS[text] ?? text].flat()[0].replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
const ngettext = (one, many, num, values = {}) => {
  const [single, several] = TEXTS[one] ?? [one, many];
  const form = new Intl.PluralRules(LANGUAGE).select(num) === "one" ? single : several;
  return _(form, { num: num.toLocaleString(LANGUAGE), ...values });
};
// A day as an address or a field has it, in words.
const dayText = (iso) => new Date(iso).toLocaleDateString(LANGUAGE, { dateStyle: "medium", timeZone: "UTC" });
