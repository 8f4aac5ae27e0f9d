/* Outlines from Tabler Icons (MIT, https://tabler.io/icons), kept here so that the app carries only these. */
import type { SVGProps } from "react";

export type IconProps = SVGProps<SVGSVGElement> & { size?: number };

function Outline({ paths, size = 18, ...rest }: IconProps & { paths: string[] }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...rest}
    >
      {paths.map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  );
}

const IMPORTS = [
  "M14 3v4a1 1 0 0 0 1 1h4",
  "M5 13v-8a2 2 0 0 1 2 -2h7l5 5v11a2 2 0 0 1 -2 2h-5.5m-9.5 -2h7m-3 -3l3 3l-3 3",
];
/** Imports */
export const IconImports = (props: IconProps) => <Outline paths={IMPORTS} {...props} />;
const HISTORY = ["M12 8l0 4l2 2", "M3.05 11a9 9 0 1 1 .5 4m-.5 5v-5h5"];
/** History */
export const IconHistory = (props: IconProps) => <Outline paths={HISTORY} {...props} />;
const SETTINGS = [
  "M10.325 4.317c.426 -1.756 2.924 -1.756 3.35 0a1.724 1.724 0 0 0 2.573 1.066c1.543 -.94 3.31 .826 2.37 2.37a1.724 1.724 0 0 0 1.065 2.572c1.756 .426 1.756 2.924 0 3.35a1.724 1.724 0 0 0 -1.066 2.573c.94 1.543 -.826 3.31 -2.37 2.37a1.724 1.724 0 0 0 -2.572 1.065c-.426 1.756 -2.924 1.756 -3.35 0a1.724 1.724 0 0 0 -2.573 -1.066c-1.543 .94 -3.31 -.826 -2.37 -2.37a1.724 1.724 0 0 0 -1.065 -2.572c-1.756 -.426 -1.756 -2.924 0 -3.35a1.724 1.724 0 0 0 1.066 -2.573c-.94 -1.543 .826 -3.31 2.37 -2.37c1 .608 2.296 .07 2.572 -1.065",
  "M9 12a3 3 0 1 0 6 0a3 3 0 0 0 -6 0",
];
/** Settings */
export const IconSettings = (props: IconProps) => <Outline paths={SETTINGS} {...props} />;
const CHART = ["M3 13h4v7h-4l0 -7", "M10 4h4v16h-4l0 -16", "M17 9h4v11h-4l0 -11"];
/** Statistics */
export const IconChart = (props: IconProps) => <Outline paths={CHART} {...props} />;
const SEARCH = ["M3 10a7 7 0 1 0 14 0a7 7 0 1 0 -14 0", "M21 21l-6 -6"];
/** Search */
export const IconSearch = (props: IconProps) => <Outline paths={SEARCH} {...props} />;
const SUN = [
  "M8 12a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
  "M3 12h1m8 -9v1m8 8h1m-9 8v1m-6.4 -15.4l.7 .7m12.1 -.7l-.7 .7m0 11.4l.7 .7m-12.1 -.7l-.7 .7",
];
/** Sun */
export const IconSun = (props: IconProps) => <Outline paths={SUN} {...props} />;
const MOON = ["M12 3c.132 0 .263 0 .393 0a7.5 7.5 0 0 0 7.92 12.446a9 9 0 1 1 -8.313 -12.454l0 .008"];
/** Moon */
export const IconMoon = (props: IconProps) => <Outline paths={MOON} {...props} />;
const AUTO = [
  "M3 5a1 1 0 0 1 1 -1h16a1 1 0 0 1 1 1v10a1 1 0 0 1 -1 1h-16a1 1 0 0 1 -1 -1v-10",
  "M7 20h10",
  "M9 16v4",
  "M15 16v4",
];
/** Auto */
export const IconAuto = (props: IconProps) => <Outline paths={AUTO} {...props} />;
const PLUS = ["M12 5l0 14", "M5 12l14 0"];
/** Plus */
export const IconPlus = (props: IconProps) => <Outline paths={PLUS} {...props} />;
const TRASH = [
  "M4 7l16 0",
  "M10 11l0 6",
  "M14 11l0 6",
  "M5 7l1 12a2 2 0 0 0 2 2h8a2 2 0 0 0 2 -2l1 -12",
  "M9 7v-3a1 1 0 0 1 1 -1h4a1 1 0 0 1 1 1v3",
];
/** Trash */
export const IconTrash = (props: IconProps) => <Outline paths={TRASH} {...props} />;
const PENCIL = ["M4 20h4l10.5 -10.5a2.828 2.828 0 1 0 -4 -4l-10.5 10.5v4", "M13.5 6.5l4 4"];
/** Pencil */
export const IconPencil = (props: IconProps) => <Outline paths={PENCIL} {...props} />;
const CHECK = ["M5 12l5 5l10 -10"];
/** Check */
export const IconCheck = (props: IconProps) => <Outline paths={CHECK} {...props} />;
const CROSS = ["M18 6l-12 12", "M6 6l12 12"];
/** Cross */
export const IconCross = (props: IconProps) => <Outline paths={CROSS} {...props} />;
const ALERT = [
  "M12 9v4",
  "M10.363 3.591l-8.106 13.534a1.914 1.914 0 0 0 1.636 2.871h16.214a1.914 1.914 0 0 0 1.636 -2.87l-8.106 -13.536a1.914 1.914 0 0 0 -3.274 0",
  "M12 16h.01",
];
/** Alert */
export const IconAlert = (props: IconProps) => <Outline paths={ALERT} {...props} />;
const STOP = [
  "M3 9.101v5.798c0 .53 .211 1.039 .586 1.415l4.1 4.1c.375 .375 .884 .586 1.415 .586h5.799c.53 0 1.039 -.211 1.414 -.586l4.1 -4.1c.375 -.375 .586 -.884 .586 -1.415v-5.798c0 -.53 -.211 -1.039 -.586 -1.415l-4.1 -4.1c-.375 -.375 -.884 -.586 -1.414 -.586l-5.799 0c-.53 0 -1.039 .211 -1.415 .586l-4.1 4.1c-.375 .375 -.586 .884 -.586 1.415",
  "M12 8v4",
  "M12 16h.01",
];
/** Stop */
export const IconStop = (props: IconProps) => <Outline paths={STOP} {...props} />;
const INFO = ["M3 12a9 9 0 1 0 18 0a9 9 0 0 0 -18 0", "M12 9h.01", "M11 12h1v4h1"];
/** Info */
export const IconInfo = (props: IconProps) => <Outline paths={INFO} {...props} />;
const UPLOAD = ["M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2 -2v-2", "M7 9l5 -5l5 5", "M12 4l0 12"];
/** Upload */
export const IconUpload = (props: IconProps) => <Outline paths={UPLOAD} {...props} />;
const FILE = [
  "M14 3v4a1 1 0 0 0 1 1h4",
  "M17 21h-10a2 2 0 0 1 -2 -2v-14a2 2 0 0 1 2 -2h7l5 5v11a2 2 0 0 1 -2 2",
  "M9 9l1 0",
  "M9 13l6 0",
  "M9 17l6 0",
];
/** File */
export const IconFile = (props: IconProps) => <Outline paths={FILE} {...props} />;
const SHEET = [
  "M14 3v4a1 1 0 0 0 1 1h4",
  "M17 21h-10a2 2 0 0 1 -2 -2v-14a2 2 0 0 1 2 -2h7l5 5v11a2 2 0 0 1 -2 2",
  "M8 11h8v7h-8l0 -7",
  "M8 15h8",
  "M11 11v7",
];
/** Sheet */
export const IconSheet = (props: IconProps) => <Outline paths={SHEET} {...props} />;
const COMPANY = [
  "M3 21l18 0",
  "M9 8l1 0",
  "M9 12l1 0",
  "M9 16l1 0",
  "M14 8l1 0",
  "M14 12l1 0",
  "M14 16l1 0",
  "M5 21v-16a2 2 0 0 1 2 -2h10a2 2 0 0 1 2 2v16",
];
/** Company */
export const IconCompany = (props: IconProps) => <Outline paths={COMPANY} {...props} />;
const REFRESH = ["M20 11a8.1 8.1 0 0 0 -15.5 -2m-.5 -4v4h4", "M4 13a8.1 8.1 0 0 0 15.5 2m.5 4v-4h-4"];
/** Refresh */
export const IconRefresh = (props: IconProps) => <Outline paths={REFRESH} {...props} />;
const UNDO = ["M9 14l-4 -4l4 -4", "M5 10h11a4 4 0 1 1 0 8h-1"];
/** Undo */
export const IconUndo = (props: IconProps) => <Outline paths={UNDO} {...props} />;
const REDO = ["M15 14l4 -4l-4 -4", "M19 10h-11a4 4 0 1 0 0 8h1"];
/** Redo */
export const IconRedo = (props: IconProps) => <Outline paths={REDO} {...props} />;
const LEFT = ["M15 6l-6 6l6 6"];
/** Left */
export const IconLeft = (props: IconProps) => <Outline paths={LEFT} {...props} />;
const RIGHT = ["M9 6l6 6l-6 6"];
/** Right */
export const IconRight = (props: IconProps) => <Outline paths={RIGHT} {...props} />;
const DOWN = ["M6 9l6 6l6 -6"];
/** Down */
export const IconDown = (props: IconProps) => <Outline paths={DOWN} {...props} />;
const REPLACE = [
  "M3 4a1 1 0 0 1 1 -1h4a1 1 0 0 1 1 1v4a1 1 0 0 1 -1 1h-4a1 1 0 0 1 -1 -1l0 -4",
  "M15 16a1 1 0 0 1 1 -1h4a1 1 0 0 1 1 1v4a1 1 0 0 1 -1 1h-4a1 1 0 0 1 -1 -1l0 -4",
  "M21 11v-3a2 2 0 0 0 -2 -2h-6l3 3m0 -6l-3 3",
  "M3 13v3a2 2 0 0 0 2 2h6l-3 -3m0 6l3 -3",
];
/** Replace */
export const IconReplace = (props: IconProps) => <Outline paths={REPLACE} {...props} />;
const MERGE = ["M3 7h5l3.5 5h9.5", "M3 17h5l3.495 -5", "M18 15l3 -3l-3 -3"];
/** Merge */
export const IconMerge = (props: IconProps) => <Outline paths={MERGE} {...props} />;
const QUESTION = [
  "M3 12a9 9 0 1 0 18 0a9 9 0 0 0 -18 0",
  "M12 16v.01",
  "M12 13a2 2 0 0 0 .914 -3.782a1.98 1.98 0 0 0 -2.414 .483",
];
/** Question */
export const IconQuestion = (props: IconProps) => <Outline paths={QUESTION} {...props} />;
const FILTER = [
  "M4 4h16v2.172a2 2 0 0 1 -.586 1.414l-4.414 4.414v7l-6 2v-8.5l-4.48 -4.928a2 2 0 0 1 -.52 -1.345v-2.227",
];
/** Filter */
export const IconFilter = (props: IconProps) => <Outline paths={FILTER} {...props} />;
const EXCLUDE = ["M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0", "M9 12l6 0"];
/** Exclude */
export const IconExclude = (props: IconProps) => <Outline paths={EXCLUDE} {...props} />;
const RESTORE = ["M3 12a9 9 0 1 0 18 0a9 9 0 0 0 -18 0", "M9 12h6", "M12 9v6"];
/** Restore */
export const IconRestore = (props: IconProps) => <Outline paths={RESTORE} {...props} />;
const DATABASE = [
  "M4 6a8 3 0 1 0 16 0a8 3 0 1 0 -16 0",
  "M4 6v6a8 3 0 0 0 16 0v-6",
  "M4 12v6a8 3 0 0 0 16 0v-6",
];
/** Database */
export const IconDatabase = (props: IconProps) => <Outline paths={DATABASE} {...props} />;
const DOWNLOAD = ["M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2 -2v-2", "M7 11l5 5l5 -5", "M12 4l0 12"];
/** Download */
export const IconDownload = (props: IconProps) => <Outline paths={DOWNLOAD} {...props} />;
const SAVE = [
  "M6 4h10l4 4v10a2 2 0 0 1 -2 2h-12a2 2 0 0 1 -2 -2v-12a2 2 0 0 1 2 -2",
  "M10 14a2 2 0 1 0 4 0a2 2 0 1 0 -4 0",
  "M14 4l0 4l-6 0l0 -4",
];
/** Save */
export const IconSave = (props: IconProps) => <Outline paths={SAVE} {...props} />;
const SPARKLE = [
  "M6 21l15 -15l-3 -3l-15 15l3 3",
  "M15 6l3 3",
  "M9 3a2 2 0 0 0 2 2a2 2 0 0 0 -2 2a2 2 0 0 0 -2 -2a2 2 0 0 0 2 -2",
  "M19 13a2 2 0 0 0 2 2a2 2 0 0 0 -2 2a2 2 0 0 0 -2 -2a2 2 0 0 0 2 -2",
];
/** Sparkle */
export const IconSparkle = (props: IconProps) => <Outline paths={SPARKLE} {...props} />;
const LIST = [
  "M13 5h8",
  "M13 9h5",
  "M13 15h8",
  "M13 19h5",
  "M3 5a1 1 0 0 1 1 -1h4a1 1 0 0 1 1 1v4a1 1 0 0 1 -1 1h-4a1 1 0 0 1 -1 -1l0 -4",
  "M3 15a1 1 0 0 1 1 -1h4a1 1 0 0 1 1 1v4a1 1 0 0 1 -1 1h-4a1 1 0 0 1 -1 -1l0 -4",
];
/** List */
export const IconList = (props: IconProps) => <Outline paths={LIST} {...props} />;
const DOTS = [
  "M4 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0",
  "M11 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0",
  "M18 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0",
];
/** Dots */
export const IconDots = (props: IconProps) => <Outline paths={DOTS} {...props} />;
const CALENDAR = [
  "M4 7a2 2 0 0 1 2 -2h12a2 2 0 0 1 2 2v12a2 2 0 0 1 -2 2h-12a2 2 0 0 1 -2 -2v-12",
  "M16 3v4",
  "M8 3v4",
  "M4 11h16",
];
/** Calendar */
export const IconCalendar = (props: IconProps) => <Outline paths={CALENDAR} {...props} />;
const LOCK = [
  "M5 13a2 2 0 0 1 2 -2h10a2 2 0 0 1 2 2v6a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2v-6",
  "M11 16a1 1 0 1 0 2 0a1 1 0 0 0 -2 0",
  "M8 11v-4a4 4 0 1 1 8 0v4",
];
/** Lock */
export const IconLock = (props: IconProps) => <Outline paths={LOCK} {...props} />;
const FLASK = ["M9 3l6 0", "M10 9l4 0", "M10 3v6l-4 11a.7 .7 0 0 0 .5 1h11a.7 .7 0 0 0 .5 -1l-4 -11v-6"];
/** Flask */
export const IconFlask = (props: IconProps) => <Outline paths={FLASK} {...props} />;
const MEMBERS = [
  "M5 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
  "M3 21v-2a4 4 0 0 1 4 -4h4a4 4 0 0 1 4 4v2",
  "M16 3.13a4 4 0 0 1 0 7.75",
  "M21 21v-2a4 4 0 0 0 -3 -3.85",
];
/** Members */
export const IconMembers = (props: IconProps) => <Outline paths={MEMBERS} {...props} />;
const INBOX = [
  "M4 6a2 2 0 0 1 2 -2h12a2 2 0 0 1 2 2v12a2 2 0 0 1 -2 2h-12a2 2 0 0 1 -2 -2v-12",
  "M4 13h3l3 3h4l3 -3h3",
];
/** Inbox */
export const IconInbox = (props: IconProps) => <Outline paths={INBOX} {...props} />;
const EQUAL = ["M5 10h14", "M5 14h14"];
/** Equal */
export const IconEqual = (props: IconProps) => <Outline paths={EQUAL} {...props} />;
const UNEQUAL = ["M5 10h14", "M5 14h14", "M5 19l14 -14"];
/** Not equal */
export const IconUnequal = (props: IconProps) => <Outline paths={UNEQUAL} {...props} />;
const CLOCK = ["M3 12a9 9 0 1 0 18 0a9 9 0 0 0 -18 0", "M12 7v5l3 3"];
/** Later */
export const IconClock = (props: IconProps) => <Outline paths={CLOCK} {...props} />;
const SPLIT = ["M21 17h-8l-3.5 -5h-6.500", "M21 7h-8l-3.495 5", "M18 10l3 -3l-3 -3", "M18 20l3 -3l-3 -3"];
/** Different people */
export const IconSplit = (props: IconProps) => <Outline paths={SPLIT} {...props} />;
const KEYBOARD = [
  "M2 8a2 2 0 0 1 2 -2h16a2 2 0 0 1 2 2v8a2 2 0 0 1 -2 2h-16a2 2 0 0 1 -2 -2l0 -8",
  "M6 10l0 .01",
  "M10 10l0 .01",
  "M14 10l0 .01",
  "M18 10l0 .01",
  "M6 14l0 .01",
  "M18 14l0 .01",
  "M10 14l4 .01",
];
/** Keys */
export const IconKeyboard = (props: IconProps) => <Outline paths={KEYBOARD} {...props} />;
const SLIDERS = [
  "M12 6a2 2 0 1 0 4 0a2 2 0 1 0 -4 0",
  "M4 6l8 0",
  "M16 6l4 0",
  "M6 12a2 2 0 1 0 4 0a2 2 0 1 0 -4 0",
  "M4 12l2 0",
  "M10 12l10 0",
  "M15 18a2 2 0 1 0 4 0a2 2 0 1 0 -4 0",
  "M4 18l11 0",
  "M19 18l1 0",
];
/** Thresholds */
export const IconSliders = (props: IconProps) => <Outline paths={SLIDERS} {...props} />;
const UP = ["M6 15l6 -6l6 6"];
/** Up */
export const IconUp = (props: IconProps) => <Outline paths={UP} {...props} />;
