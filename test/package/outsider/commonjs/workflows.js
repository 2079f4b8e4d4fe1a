module.exports = { ...require('hive-ferry/workflows'), tidyUp: async () => 'tidy' };
