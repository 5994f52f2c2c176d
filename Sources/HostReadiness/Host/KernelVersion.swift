/// The numbers at the start of a kernel's release: 6.1.0 of `6.1.0-18-amd64`.
///
/// Distributions put later features into kernels of older numbers, so these explain but decide
/// nothing.
struct KernelVersion: Hashable, Sendable {
  var major: Int
  var minor: Int
  var patch: Int

  init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// `nil` if the release does not start with numbers.
  init?(release: String) {
    let numbers = release.prefix { $0 == "." || $0.isASCII && $0.isNumber }
      .split(separator: ".").map { Int($0) }
    guard numbers.count >= 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    self.init(major, minor, numbers.count > 2 ? numbers[2] ?? 0 : 0)
  }
}

extension KernelVersion: Comparable {
  static func < (one: Self, other: Self) -> Bool {
    (one.major, one.minor, one.patch) < (other.major, other.minor, other.patch)
  }
}

extension KernelVersion: CustomStringConvertible {
  /// `5.15`, or `6.1.172`
  var description: String { "\(major).\(minor)" + (patch == 0 ? "" : ".\(patch)") }
}
