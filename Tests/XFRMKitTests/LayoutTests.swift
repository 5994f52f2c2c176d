import CNetlink
import Netlink
import Testing

@testable import XFRMKit

/// Each struct's one list of fields is walked by a recorder instead of a codec, and what it
/// records is held against the C header: so are the names, the order, the offsets and the sizes
/// that decoding and encoding go by.
@Suite("Layout agrees with linux/xfrm.h")
struct LayoutTests {
  @Test("struct xfrm_selector")
  func selector() {
    check(
      SelectorWire.self, is: xfrm_selector(),
      [
        "daddr": \.daddr, "saddr": \.saddr, "dport": \.dport, "dport_mask": \.dport_mask,
        "sport": \.sport, "sport_mask": \.sport_mask, "family": \.family,
        "prefixlen_d": \.prefixlen_d, "prefixlen_s": \.prefixlen_s, "proto": \.proto,
        "ifindex": \.ifindex, "user": \.user,
      ], bigEndian: ["dport", "dport_mask", "sport", "sport_mask"])
  }

  @Test("struct xfrm_id")
  func identity() {
    check(
      IdentityWire.self, is: xfrm_id(), ["daddr": \.daddr, "spi": \.spi, "proto": \.proto],
      bigEndian: ["spi"])
  }

  @Test("struct xfrm_lifetime_cfg")
  func lifetime() {
    check(
      Lifetime.self, is: xfrm_lifetime_cfg(),
      [
        "soft_byte_limit": \.soft_byte_limit, "hard_byte_limit": \.hard_byte_limit,
        "soft_packet_limit": \.soft_packet_limit, "hard_packet_limit": \.hard_packet_limit,
        "soft_add_expires_seconds": \.soft_add_expires_seconds,
        "hard_add_expires_seconds": \.hard_add_expires_seconds,
        "soft_use_expires_seconds": \.soft_use_expires_seconds,
        "hard_use_expires_seconds": \.hard_use_expires_seconds,
      ])
  }

  @Test("struct xfrm_lifetime_cur")
  func usage() {
    check(
      Usage.self, is: xfrm_lifetime_cur(),
      ["bytes": \.bytes, "packets": \.packets, "add_time": \.add_time, "use_time": \.use_time])
  }

  @Test("struct xfrm_mark")
  func mark() {
    check(Mark.self, is: xfrm_mark(), ["v": \.v, "m": \.m])
  }

  @Test("struct xfrm_usersa_info")
  func association() {
    check(
      SecurityAssociationWire.self, is: xfrm_usersa_info(),
      [
        "sel": \.sel, "id": \.id, "saddr": \.saddr, "lft": \.lft, "curlft": \.curlft,
        "stats": \.stats, "seq": \.seq, "reqid": \.reqid, "family": \.family, "mode": \.mode,
        "replay_window": \.replay_window, "flags": \.flags,
      ])
  }

  @Test("struct xfrm_usersa_id")
  func associationID() {
    check(
      SecurityAssociationIDWire.self, is: xfrm_usersa_id(),
      ["daddr": \.daddr, "spi": \.spi, "family": \.family, "proto": \.proto], bigEndian: ["spi"])
  }

  @Test("struct xfrm_userpolicy_info")
  func policy() {
    check(
      PolicyWire.self, is: xfrm_userpolicy_info(),
      [
        "sel": \.sel, "lft": \.lft, "curlft": \.curlft, "priority": \.priority, "index": \.index,
        "dir": \.dir, "action": \.action, "flags": \.flags, "share": \.share,
      ])
  }

  @Test("struct xfrm_userpolicy_id")
  func policyKey() {
    check(
      PolicyKeyWire.self, is: xfrm_userpolicy_id(),
      ["sel": \.sel, "index": \.index, "dir": \.dir])
  }

  @Test("struct xfrm_userpolicy_type")
  func policyKind() {
    check(
      PolicyKindWire.self, is: xfrm_userpolicy_type(),
      ["type": \.type, "reserved1": \.reserved1, "reserved2": \.reserved2])
  }

  @Test("struct xfrm_user_tmpl")
  func template() {
    check(
      TemplateWire.self, is: xfrm_user_tmpl(),
      [
        "id": \.id, "family": \.family, "saddr": \.saddr, "reqid": \.reqid, "mode": \.mode,
        "share": \.share, "optional": \.optional, "aalgos": \.aalgos, "ealgos": \.ealgos,
        "calgos": \.calgos,
      ])
  }

  @Test("struct xfrm_encap_tmpl")
  func encapsulation() {
    check(
      EncapsulationWire.self, is: xfrm_encap_tmpl(),
      [
        "encap_type": \.encap_type, "encap_sport": \.encap_sport, "encap_dport": \.encap_dport,
        "encap_oa": \.encap_oa,
      ], bigEndian: ["encap_sport", "encap_dport"])
  }

  @Test("struct xfrm_replay_state")
  func replayState() {
    check(
      ReplayState.self, is: xfrm_replay_state(),
      ["oseq": \.oseq, "seq": \.seq, "bitmap": \.bitmap])
  }

  @Test("struct xfrm_replay_state_esn, without the bitmap behind it")
  func extendedReplayState() {
    check(
      ExtendedReplayStateWire.self, is: xfrm_replay_state_esn(),
      [
        "bmp_len": \.bmp_len, "oseq": \.oseq, "seq": \.seq, "oseq_hi": \.oseq_hi,
        "seq_hi": \.seq_hi, "replay_window": \.replay_window,
      ])
  }

  @Test("struct xfrm_stats")
  func statistics() {
    check(
      SecurityAssociation.Statistics.self, is: xfrm_stats(),
      [
        "replay_window": \.replay_window, "replay": \.replay,
        "integrity_failed": \.integrity_failed,
      ])
  }

  @Test("struct xfrm_user_offload")
  func offload() {
    check(
      SecurityAssociation.Offload.self, is: xfrm_user_offload(),
      ["ifindex": \.ifindex, "flags": \.flags])
  }

  @Test("struct xfrmu_spdhthresh")
  func hashThreshold() {
    check(
      SPDInfo.HashThreshold.self, is: xfrmu_spdhthresh(), ["lbits": \.lbits, "rbits": \.rbits])
  }

  @Test("struct xfrm_user_sec_ctx, without the label behind it")
  func securityContext() {
    check(
      SecurityContextWire.self, is: xfrm_user_sec_ctx(),
      [
        "len": \.len, "exttype": \.exttype, "ctx_alg": \.ctx_alg, "ctx_doi": \.ctx_doi,
        "ctx_len": \.ctx_len,
      ])
  }

  @Test("struct xfrm_userspi_info")
  func spiRequest() {
    var message = MessageBuilder()
    SPIRequest(from: .v4(1), to: .v4(2), mode: .tunnel, range: 0x0102_0304...0x0506_0708)
      .encode(into: &message)
    #expect(message.count == MemoryLayout<xfrm_userspi_info>.size)
    // Sound: the message is as long as the struct, whose every bit pattern is valid.
    let info = unsafe message.bytes.withUnsafeBytes {
      unsafe $0.loadUnaligned(as: xfrm_userspi_info.self)
    }
    #expect(info.min == 0x0102_0304)
    #expect(info.max == 0x0506_0708)
  }

  @Test("struct xfrm_address_filter")
  func addressFilter() {
    check(
      AddressFilterWire.self, is: xfrm_address_filter(),
      [
        "saddr": \.saddr, "daddr": \.daddr, "family": \.family, "splen": \.splen,
        "dplen": \.dplen,
      ])
  }

  @Test("struct xfrm_aevent_id")
  func checkpoint() {
    check(
      CheckpointWire.self, is: xfrm_aevent_id(),
      ["sa_id": \.sa_id, "saddr": \.saddr, "flags": \.flags, "reqid": \.reqid])
  }

  @Test("struct xfrm_user_acquire")
  func acquire() {
    check(
      AcquireWire.self, is: xfrm_user_acquire(),
      [
        "id": \.id, "saddr": \.saddr, "sel": \.sel, "policy": \.policy, "aalgos": \.aalgos,
        "ealgos": \.ealgos, "calgos": \.calgos, "seq": \.seq,
      ])
  }

  @Test("struct xfrm_user_expire and struct xfrm_user_polexpire")
  func expiry() {
    let tail = ExpiryTail.size
    #expect(MemoryLayout<xfrm_user_expire>.size == SecurityAssociationWire.size + tail)
    #expect(MemoryLayout<xfrm_user_polexpire>.size == PolicyWire.size + tail)
    #expect(MemoryLayout<xfrm_user_expire>.offset(of: \.hard) == SecurityAssociationWire.size)
    #expect(MemoryLayout<xfrm_user_polexpire>.offset(of: \.hard) == PolicyWire.size)
  }

  @Test("struct xfrm_user_migrate")
  func migration() {
    check(
      MigrationEntryWire.self, is: xfrm_user_migrate(),
      [
        "old_daddr": \.old_daddr, "old_saddr": \.old_saddr, "new_daddr": \.new_daddr,
        "new_saddr": \.new_saddr, "proto": \.proto, "mode": \.mode, "reserved": \.reserved,
        "reqid": \.reqid, "old_family": \.old_family, "new_family": \.new_family,
      ])
  }

  @Test("struct xfrm_user_kmaddress")
  func keyManagerAddresses() {
    check(
      KeyManagerAddressesWire.self, is: xfrm_user_kmaddress(),
      [
        "local": \.local, "remote": \.remote, "reserved": \.reserved, "family": \.family,
      ])
  }

  @Test("struct xfrm_user_mapping")
  func mapping() {
    check(
      AddressMappingWire.self, is: xfrm_user_mapping(),
      [
        "id": \.id, "reqid": \.reqid, "old_saddr": \.old_saddr, "new_saddr": \.new_saddr,
        "old_sport": \.old_sport, "new_sport": \.new_sport,
      ], bigEndian: ["old_sport", "new_sport"])
  }

  @Test("struct xfrm_user_report")
  func report() {
    check(
      AddressReportWire.self, is: xfrm_user_report(), ["proto": \.proto, "sel": \.sel])
  }

  @Test("struct xfrm_userpolicy_default")
  func defaultActions() {
    check(
      DefaultActions.self, is: xfrm_userpolicy_default(),
      ["in": \.in, "fwd": \.fwd, "out": \.out])
  }

  /// A union, whose members have no names of their own here: its bytes stand in order.
  @Test("xfrm_address_t")
  func address() {
    #expect(AddressWire.size == MemoryLayout<xfrm_address_t>.size)
    let bytes = [UInt8](0x10..<0x20)
    var reader = ByteReader(bytes.span)
    let wire = reader.readOrFail(AddressWire.self)
    #expect(wire?.address(.ipv6) == .v6(0x1011_1213_1415_1617, 0x1819_1a1b_1c1d_1e1f))
    #expect(wire?.address(.ipv4) == .v4(0x1011_1213))
  }

  @Test("what comes before the key in struct xfrm_algo, xfrm_algo_auth and xfrm_algo_aead")
  func algorithms() {
    #expect(AlgorithmHeader.nameSize == MemoryLayout.size(ofValue: xfrm_algo().alg_name))
    for (checkBits, sizes) in [
      (nil, [MemoryLayout<xfrm_algo>.size]),
      (96, [MemoryLayout<xfrm_algo_auth>.size, MemoryLayout<xfrm_algo_aead>.size]),
    ] as [(UInt32?, [Int])] {
      var message = MessageBuilder()
      AlgorithmHeader(name: "x", key: .random(count: 3), checkBits: checkBits)
        .encode(into: &message)
      for size in sizes { #expect(message.count == size) }
    }
    var message = MessageBuilder()
    AlgorithmHeader(name: "cbc(aes)", key: .random(count: 16), checkBits: 96)
      .encode(into: &message)
    // Sound: the message is as long as the struct, whose every bit pattern is valid.
    let (authentication, aead) = unsafe message.bytes.withUnsafeBytes {
      unsafe (
        $0.loadUnaligned(as: CNetlink.xfrm_algo_auth.self),
        $0.loadUnaligned(as: CNetlink.xfrm_algo_aead.self)
      )
    }
    #expect(authentication.alg_key_len == 128)
    #expect(authentication.alg_trunc_len == 96)
    #expect(aead.alg_key_len == 128)
    #expect(aead.alg_icv_len == 96)
    #expect(aead.alg_name.7 == 0x29)
    #expect(aead.alg_name.8 == 0)
  }
}

/// Holds a struct's list of fields against the header's, and its codec against the list.
private func check<Wire: WireStruct, C>(
  _: Wire.Type, is c: C, _ fields: [String: PartialKeyPath<C>], bigEndian: Set<String> = [],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var recorder = LayoutRecorder()
  var value = Wire()
  value.fields(&recorder)

  // The header's own list, so that no field is forgotten on both sides.
  let names = Mirror(reflecting: c).children.compactMap(\.label)
  #expect(recorder.fields.map(\.name) == names, sourceLocation: sourceLocation)
  for field in recorder.fields {
    guard let path = fields[field.name] else {
      Issue.record("no field \(field.name)", sourceLocation: sourceLocation)
      continue
    }
    #expect(
      field.offset == MemoryLayout<C>.offset(of: path), "\(field.name)",
      sourceLocation: sourceLocation)
    #expect(
      field.size == _openExistential(type(of: path).valueType, do: size), "\(field.name)",
      sourceLocation: sourceLocation)
    #expect(
      field.isBigEndian == bigEndian.contains(field.name), "\(field.name)",
      sourceLocation: sourceLocation)
  }
  #expect(recorder.size == Wire.size, sourceLocation: sourceLocation)
  #expect(Wire.size == MemoryLayout<C>.size, sourceLocation: sourceLocation)

  // Decoding and encoding go by the list too: nothing but padding is lost on the way.
  let bytes = (0..<Wire.size).map { UInt8(truncatingIfNeeded: 1 + $0) }
  var reader = ByteReader(bytes.span)
  guard let decoded = reader.readOrFail(Wire.self) else { return }
  #expect(reader.remaining == 0, sourceLocation: sourceLocation)
  var message = MessageBuilder()
  message.append(decoded)
  let expected = bytes.indices.map { recorder.paddingOffsets.contains($0) ? 0 : bytes[$0] }
  #expect(message.bytes.array == expected, sourceLocation: sourceLocation)

  for count in 0..<Wire.size {
    let cut = Array(bytes.prefix(count))
    #expect(throws: MalformedMessage.self, sourceLocation: sourceLocation) {
      var reader = ByteReader(cut.span)
      _ = try reader.read(Wire.self)
    }
  }
}

private func size<T>(of _: T.Type) -> Int { MemoryLayout<T>.size }

extension ByteReader {
  fileprivate mutating func readOrFail<S: WireStruct>(_ type: S.Type) -> S? {
    do { return try read(type) } catch {
      Issue.record(error)
      return nil
    }
  }
}
