import Glibc
import XFRMKit

/// Words that may come next in the language of `ip xfrm`, those of the running kernel among them.
enum WordCompletion {
  /// - Parameters:
  ///   - words: The command line so far, the tool's name and the word at the cursor included.
  ///   - prefix: What is there of the word at the cursor.
  static func candidates(_ words: [String], prefix: String) -> [String] {
    let before = words.last == prefix ? words.dropLast() : words[...]
    let words = Array(before)
    guard let object = words.first(where: { objects[$0] != nil }) else { return [] }
    let known = values(behind: words.last ?? "", words) ?? keywords(objects[object] ?? "", words)
    return known.filter { $0.hasPrefix(prefix) }
  }

  private static let objects = [
    "state": "state", "sa": "state", "policy": "policy", "monitor": "monitor",
  ]

  private static func keywords(_ object: String, _ words: [String]) -> [String] {
    switch object {
    case "state": stateWords
    case "policy": words.contains("tmpl") ? templateWords + policyWords : policyWords
    default: monitorWords
    }
  }

  private static let stateWords = [
    "src", "dst", "proto", "spi", "mode", "reqid", "aead", "enc", "auth", "auth-trunc", "comp",
    "mark", "output-mark", "if_id", "dir", "replay-window", "replay-seq", "replay-oseq",
    "replay-seq-hi", "replay-oseq-hi", "flag", "extra-flag", "sel", "limit", "encap", "coa", "ctx",
    "offload", "tfcpad", "pcpu-num", "seq", "nat-keepalive", "mapping-threshold",
  ]
  private static let policyWords = [
    "src", "dst", "dir", "proto", "sport", "dport", "type", "code", "key", "dev", "uid", "index",
    "ptype", "action", "priority", "flag", "mark", "if_id", "limit", "tmpl", "offload", "ctx",
  ]
  private static let templateWords = ["spi", "mode", "reqid", "level", "share"]
  private static let monitorWords = [
    "acquire", "expire", "SA", "aevent", "policy", "report", "all", "file",
  ]

  /// What a keyword has behind it; `nil` if it may be anything, or the word is no keyword.
  private static func values(behind keyword: String, _ words: [String]) -> [String]? {
    switch keyword {
    case "mode": ["transport", "tunnel", "beet", "iptfs"]
    case "dir": ["in", "out", "fwd"]
    case "action": ["allow", "block"]
    case "ptype": ["main", "sub"]
    case "level": ["required", "use", "unique"]
    case "proto" where !words.contains("sel"): ["esp", "ah", "comp", "tcp", "udp", "icmp"]
    case "encap": ["espinudp", "espintcp"]
    case "limit":
      [
        "time-soft", "time-hard", "time-use-soft", "time-use-hard", "byte-soft", "byte-hard",
        "packet-soft", "packet-hard",
      ]
    case "flag":
      [
        "noecn", "decap-dscp", "nopmtudisc", "wildrecv", "icmp", "af-unspec", "align4", "esn",
        "localok",
      ]
    case "aead": AEADAlgorithm.all.map(\.name)
    case "enc": EncryptionAlgorithm.all.map(\.name)
    case "auth", "auth-trunc": AuthenticationAlgorithm.all.map(\.name)
    case "comp": CompressionAlgorithm.all.map(\.name)
    case "spi": associations { "\($0.spi)" }
    case "reqid": associations { "\($0.requestID)" }
    case "dev": interfaces
    default: nil
    }
  }

  /// What there is in the kernel; nothing without the privilege to ask.
  private static func associations(_ text: (SecurityAssociation) -> String) -> [String] {
    // A completion that cannot be had is none: the shell has no place for an error.
    guard var xfrm = try? XFRMClient(), let all = try? xfrm.associations() else { return [] }
    return Array(Set(all.map(text))).sorted()
  }

  private static var interfaces: [String] { FileNames.list("/sys/class/net") }
}

/// The names in a directory.
enum FileNames {
  static func list(_ path: String) -> [String] {
    // Sound: the path outlives the call, and an entry is copied before the next is read.
    guard let directory = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
