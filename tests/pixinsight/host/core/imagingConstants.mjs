// Constants of images and painting, under their V8 names.

export const IMAGING = {
   UndoFlag: {
      DefaultMode: 0, PixelData: 1, RGBWS: 2, ICCProfile: 4, Keywords: 8, FormatData: 32, ImageId: 64, Resolution: 128,
      AstrometricSolution: 256, All: 0xfffff, ExcludePreviews: 0x80000000, ExcludeMaskRelations: 0x40000000,
      NoSwapFile: 0xffffffff,
   },
   ColorSpace: {
      Unknown: -1, Gray: 0, RGB: 1, CIEXYZ: 2, CIELab: 3, CIELch: 4, HSV: 5, HSI: 6,
   },
   PixelSampleType: {
      Integer: 0, Real: 1, Complex: 2,
   },
   PenStyle: {
      Empty: 0, Solid: 1, Dash: 2, Dot: 3, DashDot: 4, DashDotDot: 5,
   },
   BrushStyle: {
      Empty: 0, Solid: 1, Dense: 2, HalfTone: 3, Sparse: 4, HorizontalHatch: 5, VerticalHatch: 6, CrossHatch: 7,
      ForwardDiagonalHatch: 8, BackwardDiagonalHatch: 9, CrossDiagonalHatch: 10, Stipple: 11, LinearGradient: 12,
      RadialGradient: 13, ConicalGradient: 14,
   },
   PenCap: {
      Flat: 0, Square: 1, Round: 2,
   },
   PenJoin: {
      Miter: 0, Bevel: 1, Round: 2,
   },
   BitmapFormat: {
      ARGB32: 0, RGB32: 1, Invalid: -1,
   },
   CompositionOp: {
      Clear: 0, Source: 1, Destination: 2, SourceOver: 3, DestinationOver: 4, SourceIn: 5, DestinationIn: 6,
      SourceOut: 7, DestinationOut: 8, SourceAtop: 9, DestinationAtop: 10, Xor: 11, Min: 12, Max: 13, Add: 14,
      Multiply: 15, Screen: 16, Overlay: 17, ColorDodge: 18, ColorBurn: 19, HardLight: 20, SoftLight: 21,
      Difference: 22, Exclusion: 23,
   },
   ImageOp: {
      Nop: 0, Mov: 1, Add: 2, Sub: 3, Mul: 4, Div: 5, Pow: 6, Dif: 7, Min: 8, Max: 9, Or: 10, And: 11, Xor: 12, Not: 13,
      Nor: 14, Nand: 15, Xnor: 16, ColorBurn: 17, LinearBurn: 18, Screen: 19, ColorDodge: 20, Overlay: 21,
      SoftLight: 22, HardLight: 23, VividLight: 24, LinearLight: 25, PinLight: 26, Exclusion: 27,
   },
   InterpolationAlgorithm: {
      Auto: -1, NearestNeighbor: 0, Bilinear: 1, BicubicSpline: 2, Bicubic: 2, BicubicBSpline: 3, Lanczos3: 4,
      Lanczos4: 5, Lanczos5: 6, MitchellNetravaliFilter: 7, CatmullRomSplineFilter: 8, CubicBSplineFilter: 9,
   },
   MaskMode: {
      Replace: 0, Multiply: 1, OverlayRed: 2, OverlayGreen: 3, OverlayBlue: 4, OverlayYellow: 5, OverlayMagenta: 6,
      OverlayCyan: 7, OverlayOrange: 8, OverlayViolet: 9, Default: 2,
   },
   PropertyType: {
      Invalid: 0, Auto: 0, Boolean: 1, Int8: 2, Int16: 3, Short: 3, Int32: 4, Int: 4, Int64: 5, UInt8: 6, Byte: 6,
      UInt16: 7, UShort: 7, UInt32: 8, UInt: 8, UInt64: 9, Float32: 10, Real32: 10, Float64: 11, Real64: 11,
      Complex32: 12, Complex64: 13, TimePoint: 14, I8Vector: 21, UI8Vector: 22, ByteVector: 22, I16Vector: 23,
      ShortVector: 23, UI16Vector: 24, UShortVector: 24, I32Vector: 25, IVector: 25, UI32Vector: 26, UIVector: 26,
      I64Vector: 27, UI64Vector: 28, F32Vector: 29, F64Vector: 30, C32Vector: 31, C64Vector: 32, I8Matrix: 33,
      UI8Matrix: 34, ByteMatrix: 34, I16Matrix: 35, ShortMatrix: 35, UI16Matrix: 36, UShortMatrix: 36, I32Matrix: 37,
      IMatrix: 37, UI32Matrix: 38, UIMatrix: 38, I64Matrix: 39, UI64Matrix: 40, F32Matrix: 41, F64Matrix: 42,
      C32Matrix: 43, C64Matrix: 44, ByteArray: 45, String16: 46, String: 46, UCString: 46, UTF16String: 46, String8: 47,
      IsoString: 47, UTF8String: 47,
   },
   PropertyAttribute: {
      WriteProtected: 1, ReadProtected: 2, Volatile: 16, Permanent: 32, NotSerializable: 64, Storable: 128,
      Reserved: 0x10000000, NoChange: 0x80000000,
   },
   FillRule: {
      OddEven: 0, Winding: 1,
   },
};
