// Owns the CSS pipeline: Tailwind only.
export default { plugins: { '@tailwindcss/postcss': {} } };
