import Glibc
import Testing
import XFRMKit

/// Everything that needs a kernel: one thing at a time, as guests have one slow processor.
@Suite("Kernel", .serialized, .enabled(if: geteuid() == 0, "needs root for network namespaces"))
enum Kernel {}

/// The kernel that the tests run on.
enum Bed {
  /// `host`, `uml`, `qemu-6.12`, `qemu-6.1`
  static let name: String = {
    // Sound: nothing changes the environment of this process.
    unsafe getenv("XFRMCTL_BED").map { unsafe String(cString: $0) } ?? "host"
  }()

  /// Whether its processor is emulated, which takes ten times as long.
  static let isEmulated = name.hasPrefix("qemu")

  /// How much of what takes long is to be tried, in a measure of each test's own; `nil` for the
  /// usual.
  static let waves: Int? = {
    // Sound: nothing changes the environment of this process.
    unsafe getenv("XFRMCTL_WAVES").flatMap { Int(unsafe String(cString: $0)) }
  }()

  /// A folder for what the matrix captures and finds, if somebody wants it.
  static let captured: String? = {
    // Sound: nothing changes the environment of this process.
    unsafe getenv("XFRMCTL_CAPTURED").map { unsafe String(cString: $0) }
  }()

  /// Whether ESP can be expected. Of the beds it is known that they have it, so that a test that
  /// misses it there fails; any other kernel is asked.
  static let hasESP: Bool = {
    // Where IPv6 is a module nothing loads it for an SA, but a socket does.
    close(socket(AF_INET6, 2, 0))  // SOCK_DGRAM has another type in each build
    guard name == "host" else { return true }
    do {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var association = SecurityAssociation(
        from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: 0x1001, mode: .tunnel)
      ESPProposal.aes256sha256.protect(&association)
      try xfrm.add(association)
      return true
    } catch let error as XFRMError where ExpectedWithoutESP.contains(error) {
      return false
    } catch {
      return true  // Whatever is wrong, the tests shall show it.
    }
  }()

  private enum ExpectedWithoutESP {
    static func contains(_ error: XFRMError) -> Bool {
      switch error.cause {
      case .noProtocol, .noAlgorithm, .algorithmIncomplete, .noNetlinkInterface: true
      default: false
      }
    }
  }

  /// Whether its kernel is of this version or a later one.
  static func isAtLeast(_ version: (Int, Int)) -> Bool { release >= version }

  /// Its version as it gives it.
  static let kernel: String = {
    var names = utsname()
    // Sound: uname fills every field with a terminated text.
    unsafe uname(&names)
    return unsafe withUnsafeBytes(of: &names.release) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }()

  private static let release: (Int, Int) = {
    let numbers = kernel.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : (0, 0)
  }()

  /// User-Mode Linux is built without xfrm interfaces, as is the build machine's kernel.
  static let needsXFRMInterface = ConditionTrait.enabled(
    if: isEmulated, "the kernel of bed \(name) has no xfrm interfaces")

  static let needsESP = ConditionTrait.enabled(
    if: hasESP, "the kernel of bed \(name) has no ESP")
}
