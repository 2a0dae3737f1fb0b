import { codecs } from '../../../core/protobuf.js';

/**
 * The part of ONNX's protocol buffers (ONNX 1.12, IR version 8) that is written and read. Field
 * numbers are theirs, lists of integers are packed as in onnx.proto3; enumerations are numbers.
 */
const definitions = `
syntax = "proto2";

message ModelProto {
  optional int64 ir_version = 1;
  repeated OperatorSetIdProto opset_import = 8;
  optional string producer_name = 2;
  optional string producer_version = 3;
  optional string doc_string = 6;
  optional GraphProto graph = 7;
  repeated StringStringEntryProto metadata_props = 14;
}

message OperatorSetIdProto {
  optional string domain = 1;
  optional int64 version = 2;
}

message StringStringEntryProto {
  optional string key = 1;
  optional string value = 2;
}

message GraphProto {
  repeated NodeProto node = 1;
  optional string name = 2;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
}

message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  optional string name = 3;
  optional string op_type = 4;
  repeated AttributeProto attribute = 5;
  optional string domain = 7;
}

message AttributeProto {
  optional string name = 1;
  optional float f = 2;
  optional int64 i = 3;
  optional GraphProto g = 6;
  repeated int64 ints = 8 [packed = true];
  optional int32 type = 20;
}

message TensorProto {
  repeated int64 dims = 1 [packed = true];
  optional int32 data_type = 2;
  optional string name = 8;
  optional bytes raw_data = 9;
}

message ValueInfoProto {
  optional string name = 1;
  optional TypeProto type = 2;
}

message TypeProto {
  message Tensor {
    optional int32 elem_type = 1;
    optional TensorShapeProto shape = 2;
  }
  optional Tensor tensor_type = 1;
}

message TensorShapeProto {
  message Dimension {
    optional int64 dim_value = 1;
    optional string dim_param = 2;
  }
  repeated Dimension dim = 1;
}
`;

/** `TensorProto.DataType`. */
export const dataTypes = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

/** `AttributeProto.AttributeType`. */
export const attributeTypes = { float: 1, int: 2, graph: 5, ints: 7 } as const;

export interface ModelMessage {
  readonly irVersion?: number;
  readonly opsetImport?: readonly { readonly domain?: string; readonly version?: number }[];
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly docString?: string;
  readonly graph?: GraphMessage;
  readonly metadataProps?: readonly { readonly key?: string; readonly value?: string }[];
}

export interface GraphMessage {
  readonly name?: string;
  readonly node?: readonly NodeMessage[];
  readonly initializer?: readonly TensorMessage[];
  readonly input?: readonly ValueInfoMessage[];
  readonly output?: readonly ValueInfoMessage[];
}

export interface NodeMessage {
  readonly name?: string;
  readonly opType?: string;
  readonly domain?: string;
  readonly input?: readonly string[];
  readonly output?: readonly string[];
  readonly attribute?: readonly AttributeMessage[];
}

export interface AttributeMessage {
  readonly name?: string;
  readonly type?: number;
  readonly f?: number;
  readonly i?: number;
  readonly ints?: readonly number[];
  readonly g?: GraphMessage;
}

export interface TensorMessage {
  readonly name?: string;
  readonly dims?: readonly number[];
  readonly dataType?: number;
  readonly rawData?: Uint8Array;
}

export interface ValueInfoMessage {
  readonly name?: string;
  readonly type?: {
    readonly tensorType?: {
      readonly elemType?: number;
      readonly shape?: { readonly dim?: readonly DimensionMessage[] };
    };
  };
}

/** One of the two. */
export interface DimensionMessage {
  readonly dimValue?: number;
  readonly dimParam?: string;
}

export const modelCodec = codecs(definitions)<ModelMessage>('ModelProto');
