// Places in files, findings and trees are part of this library's vocabulary, so that its users need
// one import.
@_exported public import StructuredText
