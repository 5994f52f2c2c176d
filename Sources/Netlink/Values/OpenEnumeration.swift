/// A number the kernel gives names to and may give more names to: every value is valid, so nothing
/// from a newer kernel is ever an error.
public protocol OpenEnumeration: RawRepresentable, Hashable, Sendable
where RawValue: FixedWidthInteger & BitwiseCopyable & Sendable {
  init(rawValue: RawValue)
}
