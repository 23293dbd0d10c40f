// Constants of the runtime and its widgets, under their V8 names.

export const RUNTIME = {
   StdButton: {
      NoButton: 0, Ok: 1, Cancel: 2, Yes: 3, No: 4, Abort: 5, Retry: 6, Ignore: 7, YesToAll: 8, NoToAll: 9,
   },
   StdIcon: {
      NoIcon: 0, Question: 1, Information: 2, Warning: 3, Error: 4,
   },
   StdDialogCode: {
      Ok: 1, Cancel: 0,
   },
   DataType: {
      Boolean: 0, Int8: 1, UInt8: 2, Int16: 3, UInt16: 4, Int32: 5, UInt32: 6, Int64: 7, UInt64: 8, Real32: 9, Float: 9,
      Real64: 10, Double: 10, Complex32: 11, Complex64: 12, String8: 13, String: 13, UCString: 14, ByteArray: 15,
      Vector: 16, Matrix: 17, Float32Array: 18, Float64Array: 19, Int32Array: 20, Uint32Array: 21, Int16Array: 22,
      Uint16Array: 23, Int8Array: 24, Uint8Array: 25, Uint8ClampedArray: 26,
   },
   FileMode: {
      Read: 1, Write: 2, AccessMode: 15, ShareRead: 16, ShareWrite: 32, ShareMode: 240, Open: 256, Create: 512,
      OpenMode: 3840,
   },
   SeekMode: {
      FromBegin: 0, FromCurrent: 1, FromEnd: 2,
   },
   ReadTextOption: {
      None: 0, RemoveEmptyLines: 1, TrimTrailingSpaces: 2, TrimLeadingSpaces: 4, TrimLines: 6,
   },
   TextAlignment: {
      Left: 1, Right: 2, HorzCenter: 4, Justify: 8, Top: 32, Bottom: 64, VertCenter: 128, Center: 132, Default: 33,
      Unknown: 0,
   },
   FrameStyle: {
      Flat: 0, Box: 1, Raised: 2, Sunken: 3, Styled: 4,
   },
   FocusStyle: {
      NoFocus: 0, Tab: 1, Click: 2, Wheel: 4, TextListTab: 8,
   },
   FontFamily: {
      Default: 0, SansSerif: 1, Helvetica: 1, Swiss: 1, Serif: 2, Times: 2, Script: 3, TypeWriter: 4, Courier: 4,
      Teletype: 4, Monospace: 4, Decorative: 5, OldEnglish: 5, Symbol: 6,
   },
   FontWeight: {
      Thin: 100, ExtraLight: 200, UltraLight: 200, Light: 300, Normal: 400, Regular: 400, Medium: 500, SemiBold: 600,
      DemiBold: 600, Bold: 700, ExtraBold: 800, UltraBold: 800, Heavy: 850, Black: 900,
   },
   MouseButton: {
      Left: 1, Right: 2, Middle: 4, X1: 16, X2: 32, Unknown: 0,
   },
   KeyModifier: {
      Shift: 1, Control: 2, Alt: 4, SpaceBar: 8, Meta: 16,
   },
   CheckState: {
      Unchecked: 0, Checked: 1, ThirdState: 2,
   },
   StdCursor: {
      NoCursor: 0, Arrow: 1, InvArrow: 2, UpArrow: 3, DownArrow: 4, LeftArrow: 5, RightArrow: 6, Checkmark: 7,
      Crossmark: 8, Accept: 9, Reject: 10, Add: 11, Copy: 12, Cross: 13, Hourglass: 14, Watch: 15, Wait: 15,
      ArrowWait: 16, ArrowQuestion: 17, IBeam: 18, VerticalSize: 19, HorizontalSize: 20, ForwardDiagonalSize: 21,
      BackwardDiagonalSize: 22, SizeAll: 23, VerticalSplit: 24, HorizontalSplit: 25, Hand: 26, PointingHand: 26,
      OpenHand: 27, ClosedHand: 28, SquarePlus: 29, SquareMinus: 30, CirclePlus: 31, CircleMinus: 32, Forbidden: 33,
   },
   ProcessError: {
      FailedToStart: 0, Crashed: 1, Timedout: 2, ReadError: 3, WriteError: 4, UnknownError: 5,
   },
   ProcessExitStatus: {
      Normal: 0, Crash: 1,
   },
   TickStyle: {
      NoTicks: 0, Top: 1, Left: 1, Bottom: 2, Right: 2, BothSides: 3,
   },
   KeyCode: {
      Backspace: 8, Tab: 9, Clear: 12, Return: 13, Enter: 13, Escape: 27, Shift: 0x70000001, Control: 0x70000002,
      Alt: 0x70000003, Meta: 0x70000004, CapsLock: 0x70000010, NumLock: 0x70000020, ScrollLock: 0x70000030,
      Pause: 0x70000100, Print: 0x70000200, Help: 0x70000300, SysReq: 0x70000400, Left: 0x10000001, Up: 0x10000002,
      Right: 0x10000003, Down: 0x10000004, Insert: 0x10000010, Delete: 0x10000020, Home: 0x10000100, End: 0x10000200,
      PageUp: 0x10000300, PageDown: 0x10000400, F1: 0x8000001, F2: 0x8000002, F3: 0x8000003, F4: 0x8000004,
      F5: 0x8000005, F6: 0x8000006, F7: 0x8000007, F8: 0x8000008, F9: 0x8000009, F10: 0x800000a, F11: 0x800000b,
      F12: 0x800000c, F13: 0x800000d, F14: 0x800000e, F15: 0x800000f, F16: 0x8000010, F17: 0x8000020, F18: 0x8000030,
      F19: 0x8000040, F20: 0x8000050, F21: 0x8000060, F22: 0x8000070, F23: 0x8000080, F24: 0x8000090, Space: 32,
      Exclamation: 33, DoubleQuote: 34, NumberSign: 35, Dollar: 36, Percent: 37, Ampersand: 38, Apostrophe: 39,
      LeftParenthesis: 40, RightParenthesis: 41, Asterisk: 42, Plus: 43, Comma: 44, Minus: 45, Period: 46, Slash: 47,
      Zero: 48, One: 49, Two: 50, Three: 51, Four: 52, Five: 53, Six: 54, Seven: 55, Eight: 56, Nine: 57, Colon: 58,
      Semicolon: 59, Less: 60, Equal: 61, Greater: 62, Question: 63, At: 64, A: 65, B: 66, C: 67, D: 68, E: 69, F: 70,
      G: 71, H: 72, I: 73, J: 74, K: 75, L: 76, M: 77, N: 78, O: 79, P: 80, Q: 81, R: 82, S: 83, T: 84, U: 85, V: 86,
      W: 87, X: 88, Y: 89, Z: 90, LeftBracket: 91, Backslash: 92, RightBracket: 93, Circumflex: 94, Underscore: 95,
      LeftQuote: 96, LeftBrace: 123, Bar: 124, RightBrace: 125, Tilde: 126, Unknown: 0x7fffffff,
   },
};
