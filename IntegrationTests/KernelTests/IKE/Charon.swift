import TestSupport
import Testing

/// An end of a connection between two IKE daemons.
struct IKEEnd: Sendable {
  /// Who it says that it is.
  var name: String
  /// Where it is; `%any` for wherever it may be.
  var address: String
  /// What it protects, as a traffic selector.
  var network: String
}

/// strongSwan's daemon in the namespace of a test, with one connection, `c`.
final class Charon: Sendable {
  /// Where it was unpacked; `nil` if it was not.
  static let tree = UnpackedPrograms.tree("XFRMCTL_STRONGSWAN")

  static let isNeeded = ConditionTrait.enabled(
    if: tree != nil, "needs strongSwan, which `IntegrationTests/beds/ike strongswan` fetches")

  private let folder: TemporaryFolder
  private let process: DaemonProcess

  /// Starts it.
  ///
  /// - Parameters:
  ///   - tool: Of the namespace that it is to be in.
  ///   - local: This end.
  ///   - remote: The other end.
  ///   - connection: More that swanctl.conf says of the connection, a setting a line.
  ///   - child: More that it says of what is protected.
  init(
    in tool: PrivateTool, local: IKEEnd, remote: IKEEnd, connection: String = "", child: String
  ) async throws {
    let programs = try UnpackedPrograms(Self.tree, in: tool)
    folder = try TemporaryFolder()
    try folder.write(Array(Self.settings(folder.path).utf8), to: "strongswan.conf")
    let text = """
      connections { c { local_addrs = \(local.address)
      remote_addrs = \(remote.address)
      version = 2
      \(connection)
      local { auth = psk
      id = \(local.name) }
      remote { auth = psk
      id = \(remote.name) }
      children { c { local_ts = \(local.network)
      remote_ts = \(remote.network)
      \(child) } } } }
      secrets { ike-c { secret = "of this test alone, and as long as any" } }

      """
    try folder.write(Array(text.utf8), to: "swanctl.conf")
    process = try await programs.start(
      ["STRONGSWAN_CONF=\(folder.file("strongswan.conf"))", "charon-systemd"],
      output: folder.file("output"))
    try await process.wait(until: "[ -S \(folder.file("vici")) ]")
    try await control("--load-all --file \(folder.file("swanctl.conf"))")
  }

  /// That of the socket by which it asks the kernel for changes: the first of a process has its
  /// number.
  var port: UInt32 { UInt32(process.number) }

  /// Sets up the tunnel.
  func initiate() async throws { try await control("--initiate --child c") }

  /// Has other SAs take the place of the tunnel's.
  func rekey() async throws { try await control("--rekey --child c") }

  /// Ends everything with the other end.
  func terminate() async throws { try await control("--terminate --ike c") }

  /// Ends it at once, so that neither the kernel nor the other end learns of it.
  func kill() async throws { try await process.kill() }

  /// What it says of its SAs.
  func listing() async throws -> String { try await control("--list-sas") }

  /// What it wrote down.
  func log() throws -> [Substring] {
    String(decoding: try folder.bytes("log"), as: UTF8.self).split(separator: "\n")
  }

  @discardableResult
  private func control(_ words: String) async throws -> String {
    try await process.output(
      ["STRONGSWAN_CONF=\(folder.file("strongswan.conf"))", "swanctl"]
        + words.split(separator: " ").map(String.init) + ["--uri", "unix://\(folder.path)/vici"])
  }

  private static func settings(_ folder: String) -> String {
    """
    charon-systemd {
      load = random nonce pem openssl aes sha1 sha2 hmac gmp kdf kernel-netlink socket-default vici
      delete_rekeyed_delay = 1
      filelog { log { path = \(folder)/log
      default = 1
      knl = 2
      flush_line = yes
      } }
      plugins { vici { socket = unix://\(folder)/vici } }
    }

    """
  }
}
