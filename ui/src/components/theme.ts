import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const harbor: MantineColorsTuple = [
  "#e9f4f6",
  "#d6e8ec",
  "#abd2da",
  "#7cbac7",
  "#56a5b6",
  "#338ea1",
  "#217a8d",
  "#1a6678",
  "#135463",
  "#08414e",
];
const dark: MantineColorsTuple = [
  "#d5dae1",
  "#b8bfc9",
  "#949dab",
  "#6a7482",
  "#3f4854",
  "#333b46",
  "#282f38",
  "#1b2027",
  "#161a20",
  "#101317",
];

/** Muster's look: calm, dense enough for work with data, system fonts only (nothing is fetched). */
export const theme = createTheme({
  primaryColor: "harbor",
  primaryShade: { light: 7, dark: 7 },
  colors: { harbor, dark },
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: '"Cascadia Mono", "SF Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "19px" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "22px", lineHeight: "1.3" },
      h2: { fontSize: "16px", lineHeight: "1.4" },
      h3: { fontSize: "14px", lineHeight: "1.4" },
    },
  },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  components: {
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm", allowDeselect: false } },
    Tooltip: {
      defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } },
    },
    // Mantine’s placeholder for the first focus is no item of the menu.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Modal: {
      styles: { title: { fontWeight: 600, fontSize: "16px" } },
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.4 },
        closeButtonProps: { "aria-label": "Close" },
      },
    },
    Drawer: {
      styles: { title: { fontWeight: 600, fontSize: "16px" } },
      defaultProps: { closeButtonProps: { "aria-label": "Close" }, overlayProps: { backgroundOpacity: 0.3 } },
    },
  },
});

/** Mantine's own dimmed, placeholder and error colours miss 4.5:1 on these surfaces. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#ffffff",
    "--mantine-color-dimmed": "#56606b",
    "--mantine-color-placeholder": "#66707b",
    "--mantine-color-error": "#b3261e",
    "--mantine-color-anchor": "#1a6678",
    "--mantine-color-default-border": "#d3d9df",
    "--mantine-color-red-light": "#fdeaea",
    "--mantine-color-red-light-color": "#a61e1e",
    "--mantine-color-yellow-light": "#fff4dc",
    "--mantine-color-green-light-color": "#1f6b34",
    "--mantine-color-yellow-light-color": "#7a4a00",
    "--mantine-color-orange-light-color": "#8f3a00",
    "--mantine-color-gray-light-color": "#424b55",
    "--mantine-color-harbor-light-color": "#135463",
    "--mantine-color-blue-light-color": "#1558a8",
  },
  dark: {
    "--mantine-color-body": "#1b2027",
    "--mantine-color-dimmed": "#a3adba",
    "--mantine-color-placeholder": "#949dab",
    "--mantine-color-error": "#ff9b94",
    "--mantine-color-anchor": "#7cbac7",
    "--mantine-color-default-border": "#3a434e",
    "--mantine-color-red-light": "#3a1f1f",
    "--mantine-color-yellow-light": "#40320f",
    "--mantine-color-yellow-light-color": "#f3c969",
    "--mantine-color-gray-light-color": "#cfd5dc",
    "--mantine-color-harbor-light-color": "#abd2da",
  },
});
