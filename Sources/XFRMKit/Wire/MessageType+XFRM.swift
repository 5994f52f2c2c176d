internal import CNetlink

/// `XFRM_MSG_…`
extension MessageType {
  private init(_ number: Int) { self.init(rawValue: UInt16(truncatingIfNeeded: number)) }

  /// `XFRM_MSG_NEWSA`: adds an SA; also what questions about SAs are answered with.
  public static var newAssociation: Self { Self(XFRM_MSG_NEWSA) }
  /// `XFRM_MSG_UPDSA`: changes an SA, or completes a larval one.
  public static var updateAssociation: Self { Self(XFRM_MSG_UPDSA) }
  /// `XFRM_MSG_DELSA`: deletes an SA.
  public static var deleteAssociation: Self { Self(XFRM_MSG_DELSA) }
  /// `XFRM_MSG_GETSA`: asks for one SA, or all.
  public static var getAssociation: Self { Self(XFRM_MSG_GETSA) }
  /// `XFRM_MSG_FLUSHSA`: deletes all SAs of a protocol.
  public static var flushAssociations: Self { Self(XFRM_MSG_FLUSHSA) }
  /// `XFRM_MSG_NEWPOLICY`: adds a policy; also what questions about policies are answered with.
  public static var newPolicy: Self { Self(XFRM_MSG_NEWPOLICY) }
  /// `XFRM_MSG_UPDPOLICY`: replaces a policy, or adds it.
  public static var updatePolicy: Self { Self(XFRM_MSG_UPDPOLICY) }
  /// `XFRM_MSG_DELPOLICY`: deletes a policy.
  public static var deletePolicy: Self { Self(XFRM_MSG_DELPOLICY) }
  /// `XFRM_MSG_GETPOLICY`: asks for one policy, or all.
  public static var getPolicy: Self { Self(XFRM_MSG_GETPOLICY) }
  /// `XFRM_MSG_FLUSHPOLICY`: deletes all policies of a type.
  public static var flushPolicies: Self { Self(XFRM_MSG_FLUSHPOLICY) }
  /// `XFRM_MSG_ALLOCSPI`: makes a larval SA with a free SPI.
  public static var allocateSPI: Self { Self(XFRM_MSG_ALLOCSPI) }
  /// `XFRM_MSG_ACQUIRE`: announces that an SA is needed.
  public static var acquire: Self { Self(XFRM_MSG_ACQUIRE) }
  /// `XFRM_MSG_EXPIRE`: an SA has reached a limit, or shall.
  public static var expireAssociation: Self { Self(XFRM_MSG_EXPIRE) }
  /// `XFRM_MSG_POLEXPIRE`: a policy has, or shall.
  public static var expirePolicy: Self { Self(XFRM_MSG_POLEXPIRE) }
  /// `XFRM_MSG_NEWAE`: sequence numbers and counters of an SA, told or set.
  public static var newCheckpoint: Self { Self(XFRM_MSG_NEWAE) }
  /// `XFRM_MSG_GETAE`: asks for those.
  public static var getCheckpoint: Self { Self(XFRM_MSG_GETAE) }
  /// `XFRM_MSG_REPORT`: Mobile IPv6; only announced.
  public static var report: Self { Self(XFRM_MSG_REPORT) }
  /// `XFRM_MSG_MIGRATE`: moves SAs and a policy's templates.
  public static var migrate: Self { Self(XFRM_MSG_MIGRATE) }
  /// `XFRM_MSG_NEWSADINFO`: the answer to ``getSADInfo``.
  public static var newSADInfo: Self { Self(XFRM_MSG_NEWSADINFO) }
  /// `XFRM_MSG_GETSADINFO`: asks how many SAs there are.
  public static var getSADInfo: Self { Self(XFRM_MSG_GETSADINFO) }
  /// `XFRM_MSG_NEWSPDINFO`: the answer to ``getSPDInfo``; as a request, sets hash thresholds, since
  /// Linux 3.18.
  public static var newSPDInfo: Self { Self(XFRM_MSG_NEWSPDINFO) }
  /// `XFRM_MSG_GETSPDINFO`: asks how many policies there are.
  public static var getSPDInfo: Self { Self(XFRM_MSG_GETSPDINFO) }
  /// `XFRM_MSG_MAPPING`: a peer's NAT has changed its mind; only announced.
  public static var mapping: Self { Self(XFRM_MSG_MAPPING) }
  /// Since Linux 5.15.
  public static var setDefaultActions: Self { Self(XFRM_MSG_SETDEFAULT) }
  /// Since Linux 5.15.
  public static var getDefaultActions: Self { Self(XFRM_MSG_GETDEFAULT) }
  /// Since Linux 7.2.
  public static var migrateState: Self { Self(CNL_XFRM_MSG_MIGRATE_STATE) }
}
