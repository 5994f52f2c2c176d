import FoundationEssentials
import Glibc
import Netlink
import XFRMLab

/// Who does ESP for charon.
enum Engine: String, CaseIterable {
  case kernel
  /// charon itself, behind a TUN device: strongSwan's kernel-libipsec.
  case libipsec

  /// Registered before kernel-netlink, which then does routes alone.
  fileprivate var plugins: String { self == .kernel ? "" : "kernel-libipsec " }
}

/// strongSwan's daemon on a gateway, until it is dropped.
final class Daemon {
  private let site: SiteToSite.Site
  private let tree: String
  private let folder: String
  private let process: pid_t

  /// Starts it.
  ///
  /// - Parameters:
  ///   - engine: Who does ESP.
  ///   - site: Where.
  ///   - peer: The other end.
  ///   - tree: Where strongSwan was unpacked.
  init(
    _ engine: Engine, at site: SiteToSite.Site, with peer: SiteToSite.Site, tree: String
  ) throws {
    (self.site, self.tree) = (site, tree)
    folder = "/tmp/libipsec-\(engine)-\(site.gateway.name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.write(Self.settings(engine, folder), to: "\(folder)/strongswan.conf")
    try Self.write(Self.connection(site, peer), to: "\(folder)/swanctl.conf")
    try Self.shell(
      "\(Self.prelude(folder, tree)) charon-systemd >\(folder)/output 2>&1 </dev/null & "
        + "echo $! >\(folder)/pid", on: site)
    let text = try String(contentsOf: URL(filePath: "\(folder)/pid"), encoding: .utf8)
    guard let number = pid_t(text.prefix { $0.isNumber }) else { throw Problem("no process") }
    process = number
    try control("--load-all --file \(folder)/swanctl.conf")
  }

  deinit {
    kill(process, SIGTERM)
    // It says goodbye to the other end, and has to stop with what it has in its queues.
    for _ in 0..<500 where kill(process, 0) == 0 { usleep(20_000) }
  }

  /// Sets up the tunnel.
  func initiate() throws { try control("--initiate --child c") }

  /// The memory that it has in use, in kB.
  var residentKilobytes: Int {
    get throws {
      let status = try String(
        contentsOf: URL(filePath: "/proc/\(process)/status"), encoding: .utf8)
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      guard let line, let kilobytes = Int(line.filter(\.isNumber)) else {
        throw Problem("charon of \(site.gateway.name) has ended")
      }
      return kilobytes
    }
  }

  private func control(_ words: String) throws {
    try Self.shell(
      "for try in $(seq 200); do [ -S \(folder)/vici ] && break; sleep 0.1; done; "
        + "\(Self.prelude(folder, tree)) swanctl \(words) --uri unix://\(folder)/vici "
        + ">>\(folder)/control 2>&1", on: site)
  }

  /// Runs a program with what was unpacked laid over /usr, which nobody else sees.
  private static func prelude(_ folder: String, _ tree: String) -> String {
    "STRONGSWAN_CONF=\(folder)/strongswan.conf unshare --mount sh -c "
      + "'mount -t overlay overlay -o \"lowerdir=\(tree)/usr:/usr\" /usr && exec \"$@\"' sh"
  }

  private static func shell(_ script: String, on site: SiteToSite.Site) throws {
    // A process is in the namespace of the thread that starts it. Sound: the text outlives the call.
    let status = try site.gateway.run { unsafe system(script) }
    guard status == 0 else { throw Problem("\(site.gateway.name): \(script): status \(status)") }
  }

  private static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  private static func settings(_ engine: Engine, _ folder: String) -> String {
    """
    charon-systemd {
      load = random nonce pem openssl aes sha1 sha2 hmac gmp kdf \(engine.plugins)kernel-netlink socket-default vici
      filelog { log { path = \(folder)/log
      default = 1
      flush_line = yes
      } }
      plugins { vici { socket = unix://\(folder)/vici } }
    }

    """
  }

  /// ESP in UDP in both cases: libipsec has no other.
  private static func connection(_ site: SiteToSite.Site, _ peer: SiteToSite.Site) -> String {
    let (local, remote) = (site.gatewayAddress(.ipv4), peer.gatewayAddress(.ipv4))
    return """
      connections { c { local_addrs = \(local)
      remote_addrs = \(remote)
      version = 2
      encap = yes
      local { auth = psk
      id = \(local) }
      remote { auth = psk
      id = \(remote) }
      children { c { local_ts = \(site.network(.ipv4))
      remote_ts = \(peer.network(.ipv4))
      rekey_time = 0
      esp_proposals = aes256gcm16 } } } }
      secrets { ike-c { secret = "of this benchmark alone" } }

      """
  }
}

/// Why nothing can be measured.
struct Problem: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
