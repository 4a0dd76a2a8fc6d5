/** Path data of the icons, drawn for a 24 by 24 box; strokes take the colour of the text around them. */
export const ICONS = {
  chat: "M20 11.5a7.5 7.5 0 0 1-11 6.6L4 19.5l1.4-4.6A7.5 7.5 0 1 1 20 11.5zM9 10h6.5M9 13.5h4",
  close: "M6 6l12 12M18 6L6 18",
  down: "M5 9l7 7 7-7",
  phone: "M7 4H5a1 1 0 0 0-1 1c0 8.3 6.7 15 15 15a1 1 0 0 0 1-1v-3l-4.5-1.5-2 2a12 12 0 0 1-5-5l2-2L9 4z",
  bin: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  send: "M4.5 12h14M12.5 5.5L19 12l-6.5 6.5",
  up: "M8 11v8.5H4.5V11H8zm0 0l4-7c1.5 0 2.3 1 2 2.5L13.5 10h5a1.5 1.5 0 0 1 1.5 1.8l-1.2 6.2a2 2 0 0 1-2 1.5H8",
  thumbDown: "M8 13V4.5H4.5V13H8zm0 0l4 7c1.5 0 2.3-1 2-2.5L13.5 14h5a1.5 1.5 0 0 0 1.5-1.8l-1.2-6.2a2 2 0 0 0-2-1.5H8",
  alarm: "M12 4l9 16H3zM12 10v4.5M12 17v.5",
  calendar: "M5 6.5h14v13H5zM5 10.5h14M8.5 4v4M15.5 4v4",
} as const;

export type IconName = keyof typeof ICONS;
