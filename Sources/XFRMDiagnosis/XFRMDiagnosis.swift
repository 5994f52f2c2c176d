// SAs and policies are part of this library's vocabulary.
@_exported public import XFRMKit
