import { codecs } from '../../core/protobuf.js';

/**
 * The part of TensorBoard's public protocol buffers that is written: event.proto, summary.proto,
 * histogram.proto, tensor.proto, graph.proto of TensorFlow, and api.proto and plugin_data.proto of
 * the hparams and audio plugins. Field numbers are theirs; what is not written is left out.
 */
const definitions = `
syntax = "proto3";

message Event {
  double wall_time = 1;
  int64 step = 2;
  oneof what {
    string file_version = 3;
    bytes graph_def = 4;
    Summary summary = 5;
  }
}

message Summary {
  message Image {
    int32 height = 1;
    int32 width = 2;
    int32 colorspace = 3;
    bytes encoded_image_string = 4;
  }
  message Audio {
    float sample_rate = 1;
    int64 num_channels = 2;
    int64 length_frames = 3;
    bytes encoded_audio_string = 4;
    string content_type = 5;
  }
  message Value {
    string tag = 1;
    SummaryMetadata metadata = 9;
    oneof value {
      float simple_value = 2;
      Image image = 4;
      HistogramProto histo = 5;
      Audio audio = 6;
      TensorProto tensor = 8;
    }
  }
  repeated Value value = 1;
}

message SummaryMetadata {
  message PluginData {
    string plugin_name = 1;
    bytes content = 2;
  }
  PluginData plugin_data = 1;
  string display_name = 2;
  string summary_description = 3;
  // Of enum DataClass: 1 is a scalar, 3 a sequence of blobs.
  int32 data_class = 4;
}

message HistogramProto {
  double min = 1;
  double max = 2;
  double num = 3;
  double sum = 4;
  double sum_squares = 5;
  repeated double bucket_limit = 6;
  repeated double bucket = 7;
}

message TensorShapeProto {
  message Dim {
    int64 size = 1;
  }
  repeated Dim dim = 2;
}

message TensorProto {
  int32 dtype = 1;
  TensorShapeProto tensor_shape = 2;
  repeated bytes string_val = 8;
}

message GraphDef {
  repeated NodeDef node = 1;
}

message NodeDef {
  string name = 1;
  string op = 2;
  repeated string input = 3;
  map<string, AttrValue> attr = 5;
}

message AttrValue {
  message ListValue {
    repeated TensorShapeProto shape = 7;
  }
  oneof value {
    ListValue list = 1;
    bytes s = 2;
  }
}

message AudioPluginData {
  // Of enum Encoding: 11 is WAV.
  int32 encoding = 2;
}

message HParamsPluginData {
  int32 version = 1;
  oneof data {
    SessionStartInfo session_start_info = 3;
    SessionEndInfo session_end_info = 4;
  }
}

message SessionStartInfo {
  map<string, Value> hparams = 1;
  double start_time_secs = 5;
}

message SessionEndInfo {
  int32 status = 1;
  double end_time_secs = 2;
}

// As google.protobuf.Value.
message Value {
  oneof kind {
    double number_value = 2;
    string string_value = 3;
    bool bool_value = 4;
  }
}
`;

const codec = codecs(definitions);

/** A shape, as TensorShapeProto. */
export interface ShapeMessage {
  readonly dim: readonly { readonly size: number }[];
}

export interface HistogramMessage {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** Right edge of each bucket. */
  readonly bucketLimit: readonly number[];
  readonly bucket: readonly number[];
}

export interface SummaryValueMessage {
  readonly tag: string;
  readonly metadata?: {
    readonly pluginData: { readonly pluginName: string; readonly content?: Uint8Array };
    readonly displayName?: string;
    readonly summaryDescription?: string;
    readonly dataClass?: number;
  };
  readonly simpleValue?: number;
  readonly image?: {
    readonly height: number;
    readonly width: number;
    readonly colorspace: number;
    readonly encodedImageString: Uint8Array;
  };
  readonly histo?: HistogramMessage;
  readonly audio?: {
    readonly sampleRate: number;
    readonly numChannels: number;
    readonly lengthFrames: number;
    readonly encodedAudioString: Uint8Array;
    readonly contentType: string;
  };
  readonly tensor?: {
    readonly dtype: number;
    readonly tensorShape: ShapeMessage;
    readonly stringVal?: readonly Uint8Array[];
  };
}

export interface EventMessage {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  readonly fileVersion?: string;
  readonly graphDef?: Uint8Array;
  readonly summary?: { readonly value: readonly SummaryValueMessage[] };
}

export interface AttributeMessage {
  readonly list?: { readonly shape: readonly ShapeMessage[] };
  readonly s?: Uint8Array;
}

export interface GraphMessage {
  readonly node: readonly {
    readonly name: string;
    readonly op: string;
    readonly input: readonly string[];
    readonly attr: Readonly<Record<string, AttributeMessage>>;
  }[];
}

export type HParamsMessage = { readonly version: number } & (
  | {
      readonly sessionStartInfo: {
        readonly hparams: Readonly<Record<string, HParamMessage>>;
        readonly startTimeSecs: number;
      };
    }
  | { readonly sessionEndInfo: { readonly status: number; readonly endTimeSecs: number } }
);

export type HParamMessage =
  | { readonly numberValue: number }
  | { readonly stringValue: string }
  | { readonly boolValue: boolean };

export const eventCodec = codec<EventMessage>('Event');
export const graphCodec = codec<GraphMessage>('GraphDef');
export const audioCodec = codec<{ readonly encoding: number }>('AudioPluginData');
export const hparamsCodec = codec<HParamsMessage>('HParamsPluginData');
