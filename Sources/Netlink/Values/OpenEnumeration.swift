/// A number the kernel gives names to and may give more names to: every value is valid, so nothing
/// from a newer kernel is ever an error. It is encoded as its number.
public protocol OpenEnumeration: RawRepresentable, Hashable, Sendable, Codable
where RawValue: FixedWidthInteger & BitwiseCopyable & Sendable & Codable {
  init(rawValue: RawValue)
}
