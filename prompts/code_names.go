package prompts

import "strings"

// named pairs runes with their names: "а б" and "а бэ", with "_" for a blank in a name.
func named(runes string, names string) map[rune]string {
	out := map[rune]string{}
	words := strings.Fields(names)
	for i, r := range []rune(runes) {
		out[r] = strings.ReplaceAll(words[i], "_", " ")
	}
	return out
}

const (
	latin    = "abcdefghijklmnopqrstuvwxyz"
	cyrillic = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
	signs    = "-/.,_+#*@:№&"
)

// letterNames are the names of letters and signs. English ones of Latin letters
// are the letters themselves, in capitals, which every speech engine names.
var letterNames = map[string]map[rune]string{
	Russian: named(cyrillic+latin+signs,
		"а бэ вэ гэ дэ е ё жэ зэ и и_краткое ка эль эм эн о пэ эр эс тэ у эф ха цэ че ша ща твёрдый_знак ы мягкий_знак э ю я "+
			"эй би си ди и эф джи эйч ай джей кей эл эм эн оу пи кью ар эс ти ю ви дабл-ю икс уай зет "+
			"дефис дробь точка запятая подчёркивание плюс решётка звёздочка собака двоеточие номер амперсанд"),
	English: named(cyrillic+latin+signs,
		"Cyrillic_ah Cyrillic_beh Cyrillic_veh Cyrillic_gheh Cyrillic_deh Cyrillic_yeh Cyrillic_yo Cyrillic_zheh Cyrillic_zeh "+
			"Cyrillic_ee Cyrillic_short_ee Cyrillic_kah Cyrillic_el Cyrillic_em Cyrillic_en Cyrillic_oh Cyrillic_peh Cyrillic_er "+
			"Cyrillic_es Cyrillic_teh Cyrillic_oo Cyrillic_ef Cyrillic_kha Cyrillic_tseh Cyrillic_cheh Cyrillic_shah Cyrillic_shcha "+
			"Cyrillic_hard_sign Cyrillic_yery Cyrillic_soft_sign Cyrillic_eh Cyrillic_yu Cyrillic_ya "+
			"A B C D E F G H I J K L M N O P Q R S T U V W X Y Z "+
			"dash slash dot comma underscore plus hash star at colon number ampersand"),
}

// letterWords are the words that stand for letters. The Russian ones are the
// names of the spelling alphabet that telephone operators use; the Latin ones are
// those of ICAO (Annex 10, volume II, 5.2.1.3).
var letterWords = map[string]map[rune]string{
	Russian: named(cyrillic+latin,
		"Анна Борис Василий Григорий Дмитрий Елена Ёлка Женя Зинаида Иван Иван_краткий Константин Леонид Михаил Николай Ольга "+
			"Павел Роман Семён Татьяна Ульяна Фёдор Харитон Цапля Человек Шура Щука твёрдый_знак ы мягкий_знак Эхо Юрий Яков "+
			"альфа браво чарли дельта эхо фокстрот гольф отель индия джульетта кило лима майк новембер оскар папа квебек ромео "+
			"сьерра танго униформ виктор виски эксрей янки зулу"),
	English: named(latin,
		"alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra "+
			"tango uniform victor whiskey x-ray yankee zulu"),
}
