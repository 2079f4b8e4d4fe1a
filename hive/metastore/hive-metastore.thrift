// The part of the Hive metastore's Thrift interface that hive-ferry speaks. Field ids are those of Hive 4.0.1
// (standalone-metastore/metastore-common/src/main/thrift/hive_metastore.thrift); the metastore only ever adds fields, so
// older servers read and write the same ones. A table or partition that is read and written back must keep what
// hive-ferry does not model: leave no field of theirs out that a plain read may answer (column statistics, `dictionary`
// and `fileMetadata` are answered on request only).
//
// The client in gen/ is made from this file, by thrift 0.17.0:
//   cd hive/metastore && thrift --gen js:node,ts,es6 -out gen hive-metastore.thrift

enum PrincipalType { USER = 1, ROLE = 2, GROUP = 3 }
enum DatabaseType { NATIVE = 1, REMOTE = 2 }
enum SerdeType { HIVE = 1, SCHEMA_REGISTRY = 2 }
enum ClientCapability { TEST_CAPABILITY = 1, INSERT_ONLY_TABLES = 2 }

exception MetaException { 1: string message }
exception NoSuchObjectException { 1: string message }
exception AlreadyExistsException { 1: string message }
exception InvalidObjectException { 1: string message }
exception InvalidOperationException { 1: string message }
exception ConfigValSecurityException { 1: string message }

struct PrivilegeGrantInfo {
  1: string privilege, 2: i32 createTime, 3: string grantor, 4: PrincipalType grantorType, 5: bool grantOption
}
struct PrincipalPrivilegeSet {
  1: map<string, list<PrivilegeGrantInfo>> userPrivileges,
  2: map<string, list<PrivilegeGrantInfo>> groupPrivileges,
  3: map<string, list<PrivilegeGrantInfo>> rolePrivileges
}
struct Database {
  1: string name, 2: string description, 3: string locationUri, 4: map<string, string> parameters,
  5: optional PrincipalPrivilegeSet privileges, 6: optional string ownerName, 7: optional PrincipalType ownerType,
  8: optional string catalogName, 9: optional i32 createTime, 10: optional string managedLocationUri,
  11: optional DatabaseType type, 12: optional string connector_name, 13: optional string remote_dbname
}
struct FieldSchema { 1: string name, 2: string type, 3: string comment }
struct SerDeInfo {
  1: string name, 2: string serializationLib, 3: map<string, string> parameters, 4: optional string description,
  5: optional string serializerClass, 6: optional string deserializerClass, 7: optional SerdeType serdeType
}
struct Order { 1: string col, 2: i32 order }
struct SkewedInfo {
  1: list<string> skewedColNames, 2: list<list<string>> skewedColValues,
  3: map<list<string>, string> skewedColValueLocationMaps
}
struct StorageDescriptor {
  1: list<FieldSchema> cols, 2: string location, 3: string inputFormat, 4: string outputFormat, 5: bool compressed,
  6: i32 numBuckets, 7: SerDeInfo serdeInfo, 8: list<string> bucketCols, 9: list<Order> sortCols,
  10: map<string, string> parameters, 11: optional SkewedInfo skewedInfo, 12: optional bool storedAsSubDirectories
}
struct SourceTable {
  1: required Table table, 2: required i64 insertedCount, 3: required i64 updatedCount, 4: required i64 deletedCount
}
struct CreationMetadata {
  1: required string catName, 2: required string dbName, 3: required string tblName, 4: required set<string> tablesUsed,
  5: optional string validTxnList, 6: optional i64 materializationTime, 7: optional list<SourceTable> sourceTables
}
struct Table {
  1: string tableName, 2: string dbName, 3: string owner, 4: i32 createTime, 5: i32 lastAccessTime, 6: i32 retention,
  7: StorageDescriptor sd, 8: list<FieldSchema> partitionKeys, 9: map<string, string> parameters,
  10: string viewOriginalText, 11: string viewExpandedText, 12: string tableType,
  13: optional PrincipalPrivilegeSet privileges, 14: optional bool temporary, 15: optional bool rewriteEnabled,
  16: optional CreationMetadata creationMetadata, 17: optional string catName, 18: optional PrincipalType ownerType,
  19: optional i64 writeId, 20: optional bool isStatsCompliant, 22: optional i8 accessType,
  23: optional list<string> requiredReadCapabilities, 24: optional list<string> requiredWriteCapabilities,
  25: optional i64 id, 28: optional i64 txnId
}
struct Partition {
  1: list<string> values, 2: string dbName, 3: string tableName, 4: i32 createTime, 5: i32 lastAccessTime,
  6: StorageDescriptor sd, 7: map<string, string> parameters, 8: optional PrincipalPrivilegeSet privileges,
  9: optional string catName, 10: optional i64 writeId, 11: optional bool isStatsCompliant
}
struct EnvironmentContext { 1: map<string, string> properties }

struct ClientCapabilities { 1: required list<ClientCapability> values }
struct GetTableRequest { 1: required string dbName, 2: required string tblName, 3: optional ClientCapabilities capabilities }
struct GetTableResult { 1: required Table table }
struct AddPartitionsRequest {
  1: required string dbName, 2: required string tblName, 3: required list<Partition> parts,
  4: required bool ifNotExists, 5: optional bool needResult, 10: optional EnvironmentContext environmentContext
}
struct AddPartitionsResult { 1: optional list<Partition> partitions }
struct DropPartitionsExpr { 1: required binary expr, 2: optional i32 partArchiveLevel }
union RequestPartsSpec { 1: list<string> names, 2: list<DropPartitionsExpr> exprs }
struct DropPartitionsRequest {
  1: required string dbName, 2: required string tblName, 3: required RequestPartsSpec parts, 4: optional bool deleteData,
  5: optional bool ifExists, 7: optional EnvironmentContext environmentContext, 8: optional bool needResult
}
struct DropPartitionsResult { 1: optional list<Partition> partitions }

service ThriftHiveMetastore {
  list<string> set_ugi(1: string user_name, 2: list<string> group_names) throws (1: MetaException o1)
  string get_config_value(1: string name, 2: string defaultValue) throws (1: ConfigValSecurityException o1)

  Database get_database(1: string name) throws (1: NoSuchObjectException o1, 2: MetaException o2)
  void create_database(1: Database database)
    throws (1: AlreadyExistsException o1, 2: InvalidObjectException o2, 3: MetaException o3)
  void drop_database(1: string name, 2: bool deleteData, 3: bool cascade)
    throws (1: NoSuchObjectException o1, 2: InvalidOperationException o2, 3: MetaException o3)

  list<string> get_all_tables(1: string db_name) throws (1: MetaException o1)
  // get_table is gone in Hive 4; get_table_req came with 2.2.
  GetTableResult get_table_req(1: GetTableRequest req) throws (1: MetaException o1, 2: NoSuchObjectException o2)
  Table get_table(1: string dbname, 2: string tbl_name) throws (1: MetaException o1, 2: NoSuchObjectException o2)
  void create_table_with_environment_context(1: Table tbl, 2: EnvironmentContext environment_context) throws (
    1: AlreadyExistsException o1, 2: InvalidObjectException o2, 3: MetaException o3, 4: NoSuchObjectException o4)
  void alter_table_with_environment_context(
    1: string dbname, 2: string tbl_name, 3: Table new_tbl, 4: EnvironmentContext environment_context)
    throws (1: InvalidOperationException o1, 2: MetaException o2)

  list<string> get_partition_names(1: string db_name, 2: string tbl_name, 3: i16 max_parts)
    throws (1: NoSuchObjectException o1, 2: MetaException o2)
  list<Partition> get_partitions_by_names(1: string db_name, 2: string tbl_name, 3: list<string> names)
    throws (1: MetaException o1, 2: NoSuchObjectException o2, 3: InvalidObjectException o3)
  AddPartitionsResult add_partitions_req(1: AddPartitionsRequest request)
    throws (1: InvalidObjectException o1, 2: AlreadyExistsException o2, 3: MetaException o3)
  void alter_partitions_with_environment_context(
    1: string db_name, 2: string tbl_name, 3: list<Partition> new_parts, 4: EnvironmentContext environment_context)
    throws (1: InvalidOperationException o1, 2: MetaException o2)
  DropPartitionsResult drop_partitions_req(1: DropPartitionsRequest req)
    throws (1: NoSuchObjectException o1, 2: MetaException o2)
}
