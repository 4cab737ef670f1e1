/** What may stand in clear in a PDF that the gateway carries: the skeleton of objects whose strings and streams are encrypted, and no word of anybody's. (ISO 32000-2) */

/** Header as `qpdf --min-version=2.0` writes it. */
export const PDF_HEADER = Buffer.from('%PDF-2.0\n%\xbf\xf7\xa2\xfe\n', 'latin1');

/** Keys of the dictionary of a stream, of the catalog, and of what is written within these. */
export const KEYS: ReadonlySet<string> = new Set([
  'Type', 'Subtype', 'Length', 'Filter', 'DecodeParms', 'N', 'First',
  // Pictures.
  'Width', 'Height', 'ColorSpace', 'BitsPerComponent', 'ImageMask', 'Mask', 'SMask', 'SMaskInData', 'Decode', 'Interpolate', 'Intent', 'Matte', 'ColorTransform', 'Columns', 'Colors', 'Predictor', 'Rows', 'K', 'BlackIs1', 'EndOfLine', 'EncodedByteAlign', 'EndOfBlock', 'EarlyChange', 'JBIG2Globals', 'Alternate', 'Range',
  // Type, and what is drawn again.
  'Length1', 'Length2', 'Length3', 'FormType', 'BBox', 'Matrix', 'Resources', 'Group', 'S', 'CS', 'I', 'Font', 'XObject', 'ExtGState', 'Pattern', 'Shading', 'ProcSet', 'Properties', 'StructParent', 'StructParents',
  'PatternType', 'PaintType', 'TilingType', 'XStep', 'YStep', 'FunctionType', 'Domain', 'Size', 'BitsPerSample', 'Order', 'Encode', 'ShadingType', 'BitsPerCoordinate', 'BitsPerFlag', 'Function', 'CMapName', 'CIDSystemInfo', 'WMode', 'UseCMap', 'Registry', 'Ordering', 'Supplement', 'Params', 'OC',
  // The catalog.
  'Pages', 'Metadata', 'Outlines', 'Names', 'Dests', 'ViewerPreferences', 'PageLabels', 'PageMode', 'PageLayout', 'StructTreeRoot', 'MarkInfo', 'Marked', 'Suspects', 'UserProperties', 'DisplayDocTitle', 'Lang', 'Version', 'AcroForm', 'OutputIntents', 'OCProperties', 'OpenAction', 'Extensions', 'ADBE', 'BaseVersion', 'ExtensionLevel',
]);

/** Names that stand for themselves. */
export const NAMES: ReadonlySet<string> = new Set([
  'ObjStm', 'Catalog', 'XObject', 'Image', 'Form', 'Pattern', 'Metadata', 'XML', 'Group', 'Transparency', 'CMap', 'EmbeddedFile', 'Type1C', 'CIDFontType0C', 'OpenType', 'Adobe', 'Identity', 'Identity-H', 'Adobe-Identity-UCS',
  'FlateDecode', 'LZWDecode', 'DCTDecode', 'JPXDecode', 'CCITTFaxDecode', 'JBIG2Decode', 'RunLengthDecode', 'ASCII85Decode', 'ASCIIHexDecode',
  'DeviceRGB', 'DeviceGray', 'DeviceCMYK', 'CalRGB', 'CalGray', 'Lab', 'Indexed', 'ICCBased', 'Separation', 'DeviceN', 'Black', 'Perceptual', 'RelativeColorimetric', 'Saturation', 'AbsoluteColorimetric', 'PDF', 'Text', 'ImageB', 'ImageC', 'ImageI', 'None', 'Default',
  'UseNone', 'UseOutlines', 'UseThumbs', 'UseOC', 'UseAttachments', 'FullScreen', 'SinglePage', 'OneColumn', 'TwoColumnLeft', 'TwoColumnRight', 'TwoPageLeft', 'TwoPageRight', 'Fit', 'FitH', 'XYZ', '1.3', '1.4', '1.5', '1.6', '1.7', '2.0',
]);

/** What programs call fonts and pictures of a page: `F1`, `Im12`. Too short for a name of anybody's. */
export const isResource = (name: string): boolean => /^[A-Za-z]{1,3}[0-9]{1,5}$/.test(name);
